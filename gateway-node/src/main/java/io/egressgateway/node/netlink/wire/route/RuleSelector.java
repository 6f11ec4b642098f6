package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.Cidr;
import java.util.Optional;

/** Which packets a routing rule is for; empty parts match every packet. */
public record RuleSelector(
    Optional<Cidr> source,
    Optional<Cidr> destination,
    Optional<FirewallMark> mark,
    Optional<LinkName> inputLink) {
  /** Every packet. */
  public static final RuleSelector ALL =
      new RuleSelector(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Packets with a mark: {@code fwmark …}. */
  public static RuleSelector mark(FirewallMark mark) {
    return new RuleSelector(
        Optional.empty(), Optional.empty(), Optional.of(mark), Optional.empty());
  }

  /** Of these the packets that came by a link: {@code iif …}. */
  public RuleSelector arrivingBy(LinkName link) {
    return new RuleSelector(source, destination, mark, Optional.of(link));
  }

  /** Packets from a block: {@code from …}. */
  public static RuleSelector from(Cidr source) {
    return new RuleSelector(
        Optional.of(source), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
