package io.egressgateway.node.netlink.wire.conntrack;

/** How far the kernel has followed a flow, by its protocol. */
public sealed interface ProtocolState {
  /** UDP, ICMP and others that have none. */
  record Stateless() implements ProtocolState {}

  /**
   * @param state TCP_CONNTRACK_… of linux/netfilter/nf_conntrack_tcp.h, 0 to 255
   */
  record Tcp(int state, TcpSide original, TcpSide reply) implements ProtocolState {}

  /**
   * One side of a TCP connection.
   *
   * @param windowScale the shift it announced, 0 to 14; the kernel takes it only if both sides have
   *     IP_CT_TCP_FLAG_WINDOW_SCALE
   * @param flags IP_CT_TCP_FLAG_…
   */
  record TcpSide(int windowScale, int flags) {
    /** The same, with its sequence numbers not checked. */
    public TcpSide liberal() {
      return new TcpSide(windowScale, flags | ConntrackConstants.IP_CT_TCP_FLAG_BE_LIBERAL);
    }
  }

  /**
   * @param state SCTP_CONNTRACK_… of linux/netfilter/nf_conntrack_sctp.h, 0 to 255
   * @param originalTag the verification tag of packets from the initiator; all 32 bits count
   * @param replyTag that of the answers
   */
  record Sctp(int state, int originalTag, int replyTag) implements ProtocolState {}
}
