package io.egressgateway.node.netlink.wire.route;

/** The switches of a VXLAN device; each is on if it is in the device's set. */
public enum VxlanFlag {
  /** Fill the forwarding database from received packets. */
  LEARNING,
  /** Carry skb->mark in the header (group based policy). */
  GBP,
  /** Checksum the outer UDP over IPv4. */
  UDP_CSUM,
  /** Send no UDP checksum over IPv6. */
  UDP_ZERO_CSUM6_TX,
  /** Accept a missing UDP checksum over IPv6. */
  UDP_ZERO_CSUM6_RX,
  /** Take the tunnel's ends from each packet's metadata; such a device is nobody's fixed tunnel. */
  COLLECT_METADATA
}
