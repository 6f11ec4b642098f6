package io.egressgateway.node.kernel;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainPolicy;
import io.egressgateway.node.netlink.wire.nft.ChainType;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody else's table that hears of packets on their way through the node, firewalld's for one. A
 * verdict of drop or reject is final, whatever chains of ours accept; and where its rules stand and
 * what they look like only its owner knows. So nothing is put into it: what it stops is said.
 *
 * @param chains those that hear of packets before or while they are forwarded
 * @param rules by chain, in order, as far as they were read
 * @param sets elements by the set's name, as far as they were read
 */
public record ForeignForward(
    TableId table,
    List<NftChain> chains,
    Map<String, List<NftRule>> rules,
    Map<String, List<SetElement>> sets) {
  private static final String FIREWALLD = "firewalld";

  public ForeignForward {
    chains = List.copyOf(chains);
    rules = Map.copyOf(rules);
    sets = Map.copyOf(sets);
  }

  /** Whether a chain hears of packets that are forwarded, or are going to be. */
  public static boolean isHeard(NftChain chain) {
    return chain
        .base()
        .filter(base -> base.type() == ChainType.FILTER)
        .filter(base -> base.hook() == Hook.FORWARD || base.hook() == Hook.PREROUTING)
        .isPresent();
  }

  /** The chain that certainly stops a packet; empty if none does, or if that cannot be told. */
  public Optional<NftChain> stops(Passage passage) {
    if (!hears(passage)) {
      return Optional.empty();
    }
    ForwardTrial trial = new ForwardTrial(rules, sets, passage);
    return chains.stream()
        .filter(
            chain ->
                switch (trial.of(chain.id().name())) {
                  case STOPPED -> true;
                  case GOES_ON ->
                      chain.base().map(BaseChain::policy).equals(Optional.of(ChainPolicy.DROP));
                  case PASSES, MAY_PASS -> false;
                })
        .findFirst();
  }

  private boolean hears(Passage passage) {
    return table.family() == NftFamily.INET
        || table.family()
            == switch (passage.family()) {
              case IPV4 -> NftFamily.IP;
              case IPV6 -> NftFamily.IP6;
            };
  }

  /**
   * What its owner can do about it.
   *
   * @param chain of this table, that stops the packet
   */
  public String remedy(NftChain chain, Passage passage) {
    boolean ofFirewalld = table.name().equals(FIREWALLD);
    boolean early = chain.base().filter(base -> base.hook() == Hook.PREROUTING).isPresent();
    if (early) {
      return ofFirewalld
          ? "set IPv6_rpfilter=no in /etc/firewalld/firewalld.conf, then firewall-cmd --reload"
          : "add to it: iifname \"%s\" accept".formatted(passage.in().name());
    }
    KernelNumbers numbers = passage.numbers();
    return ofFirewalld
        ? "add the pods' networks to firewalld's zone trusted: firewall-cmd --permanent --zone=trusted"
            + " --add-source=CIDR, then firewall-cmd --reload"
        : "add to it: ct mark & 0x%08x == 0x%08x accept".formatted(numbers.mask(), numbers.mark());
  }
}
