package io.egressgateway.node.netlink.wire.route;

/** What sort of device a link is: IFLA_INFO_KIND and what belongs to it. */
public sealed interface LinkKind {
  /** A device without a kind: hardware, loopback. */
  record Plain() implements LinkKind {}

  /** One end of a pair. */
  record Veth() implements LinkKind {}

  /** A bridge. */
  record Bridge() implements LinkKind {}

  /** A VXLAN tunnel. */
  record Vxlan(VxlanSettings settings) implements LinkKind {}

  /** A kind that nothing here makes or inspects. */
  record Other(String kind) implements LinkKind {}
}
