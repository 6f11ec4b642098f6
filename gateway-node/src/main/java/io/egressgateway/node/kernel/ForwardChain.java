package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance.Place;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.ChainPolicy;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.nft.Xt;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The chain FORWARD of iptables, which Docker and others close with {@code -P FORWARD DROP}: no
 * chain of ours can take that back, so a rule of ours stands in it. It stands behind all others, so
 * that network policies of the CNI have been heard before, and only in front of a last rule that
 * lets nothing pass. It has the form that iptables itself writes: {@code -m connmark --mark
 * 0x26000000/0xfe000000 -j ACCEPT}; anything else would make {@code iptables-save} fail.
 *
 * @param chain as the kernel has it
 * @param rules in order
 */
public record ForwardChain(IpFamily family, ChainEntry chain, List<RuleEntry> rules) {
  private static final String COMMENT = "egressgateway";
  private static final Set<String> TARGETS_THAT_END = Set.of("REJECT", "DROP");

  /** struct xt_connmark_mtinfo1: mark, mask, invert. */
  private static final Xt OUR_CONNECTIONS =
      new Xt(
          Xt.Kind.MATCH,
          "connmark",
          1,
          Bytes.concat(
              List.of(
                  Bytes.u32(Marks.EGRESS_KIND), Bytes.u32(Marks.EITHER_KIND_MASK), Bytes.u32(0))));

  public ForwardChain {
    rules = List.copyOf(rules);
  }

  /** Where iptables keeps it. */
  public static ChainId id(IpFamily family) {
    NftFamily nftFamily =
        switch (family) {
          case IPV4 -> NftFamily.IP;
          case IPV6 -> NftFamily.IP6;
        };
    return new TableId(nftFamily, "filter").chain("FORWARD");
  }

  /** The rule that lets connections of ours pass. */
  public NftRule acceptance() {
    return NftRule.of(
            chain.chain().id(),
            OUR_CONNECTIONS,
            Counter.ZERO,
            new Immediate.Decide(Verdict.accept()))
        .withComment(COMMENT);
  }

  /** Whether it drops what none of its rules accepts. */
  public boolean isClosed() {
    Optional<BaseChain> base = chain.chain().base().filter(b -> b.hook() == Hook.FORWARD);
    return base.isPresent() && (base.get().policy() == ChainPolicy.DROP || end().isPresent());
  }

  /** Where our rule stands; empty if there is none. */
  public Optional<Place> acceptancePlace() {
    int last = end().orElse(rules.size()) - 1;
    if (last >= 0 && isOurs(rules.get(last))) {
      return Optional.of(Place.LAST);
    }
    return ours().isEmpty() ? Optional.empty() : Optional.of(Place.ELSEWHERE);
  }

  /** Our rules in it, wherever they stand. */
  public List<RuleEntry> ours() {
    return rules.stream().filter(ForwardChain::isOurs).toList();
  }

  /** The last rule, if nothing gets past it. */
  public Optional<RuleEntry> lastWord() {
    return end().stream().mapToObj(rules::get).findFirst();
  }

  private OptionalInt end() {
    return IntStream.range(0, rules.size()).filter(i -> endsAll(rules.get(i))).findFirst();
  }

  private static boolean isOurs(RuleEntry entry) {
    return entry.rule().expressions().contains(OUR_CONNECTIONS);
  }

  private static boolean endsAll(RuleEntry entry) {
    List<NftExpression> effects =
        entry.rule().expressions().stream().filter(e -> !(e instanceof Counter)).toList();
    return effects.size() == 1
        && switch (effects.getFirst()) {
          case Immediate.Decide(var verdict) -> verdict.equals(Verdict.drop());
          case Xt xt -> xt.kind() == Xt.Kind.TARGET && TARGETS_THAT_END.contains(xt.name());
          case NftExpression other -> other.kernelName().equals("reject");
        };
  }
}
