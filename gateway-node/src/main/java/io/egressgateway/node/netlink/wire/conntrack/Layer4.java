package io.egressgateway.node.netlink.wire.conntrack;

/** What tells the flows between two addresses apart. */
public sealed interface Layer4 {
  /** IPPROTO_…, 0 to 255. */
  int protocol();

  /** TCP, UDP, SCTP and others with ports, which are 0 to 65535. */
  record Ports(int protocol, int source, int destination) implements Layer4 {}

  /** ICMP and ICMPv6 questions and their answers. */
  record Echo(int protocol, int id, int type, int code) implements Layer4 {}

  /** A protocol of which only the addresses tell flows apart. */
  record Bare(int protocol) implements Layer4 {}
}
