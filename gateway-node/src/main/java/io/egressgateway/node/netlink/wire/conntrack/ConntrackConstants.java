package io.egressgateway.node.netlink.wire.conntrack;

/**
 * Numbers of ctnetlink, named and valued as in linux/netfilter/nfnetlink_conntrack.h, nfnetlink.h,
 * nf_conntrack_common.h and nf_conntrack_tcp.h.
 */
public final class ConntrackConstants {
  public static final int NFNL_SUBSYS_CTNETLINK = 1;
  public static final int NFNETLINK_V0 = 0;

  public static final int IPCTNL_MSG_CT_NEW = 0;
  public static final int IPCTNL_MSG_CT_GET = 1;
  public static final int IPCTNL_MSG_CT_GET_STATS_CPU = 4;
  public static final int CTA_STATS_INSERT_FAILED = 9;
  public static final int IPCTNL_MSG_CT_DELETE = 2;

  public static final int CTA_TUPLE_ORIG = 1;
  public static final int CTA_TUPLE_REPLY = 2;
  public static final int CTA_STATUS = 3;
  public static final int CTA_PROTOINFO = 4;
  public static final int CTA_NAT_SRC = 6;
  public static final int CTA_TIMEOUT = 7;
  public static final int CTA_MARK = 8;
  public static final int CTA_ID = 12;
  public static final int CTA_ZONE = 18;
  public static final int CTA_MARK_MASK = 21;

  public static final int CTA_TUPLE_IP = 1;
  public static final int CTA_TUPLE_PROTO = 2;

  public static final int CTA_IP_V4_SRC = 1;
  public static final int CTA_IP_V4_DST = 2;
  public static final int CTA_IP_V6_SRC = 3;
  public static final int CTA_IP_V6_DST = 4;

  public static final int CTA_PROTO_NUM = 1;
  public static final int CTA_PROTO_SRC_PORT = 2;
  public static final int CTA_PROTO_DST_PORT = 3;
  public static final int CTA_PROTO_ICMP_ID = 4;
  public static final int CTA_PROTO_ICMP_TYPE = 5;
  public static final int CTA_PROTO_ICMP_CODE = 6;
  public static final int CTA_PROTO_ICMPV6_ID = 7;
  public static final int CTA_PROTO_ICMPV6_TYPE = 8;
  public static final int CTA_PROTO_ICMPV6_CODE = 9;

  public static final int CTA_PROTOINFO_TCP = 1;
  public static final int CTA_PROTOINFO_SCTP = 3;

  public static final int CTA_PROTOINFO_TCP_STATE = 1;
  public static final int CTA_PROTOINFO_TCP_WSCALE_ORIGINAL = 2;
  public static final int CTA_PROTOINFO_TCP_WSCALE_REPLY = 3;
  public static final int CTA_PROTOINFO_TCP_FLAGS_ORIGINAL = 4;
  public static final int CTA_PROTOINFO_TCP_FLAGS_REPLY = 5;

  public static final int CTA_PROTOINFO_SCTP_STATE = 1;
  public static final int CTA_PROTOINFO_SCTP_VTAG_ORIGINAL = 2;
  public static final int CTA_PROTOINFO_SCTP_VTAG_REPLY = 3;

  public static final int CTA_NAT_V4_MINIP = 1;
  public static final int CTA_NAT_V4_MAXIP = 2;
  public static final int CTA_NAT_PROTO = 3;
  public static final int CTA_NAT_V6_MINIP = 4;
  public static final int CTA_NAT_V6_MAXIP = 5;

  public static final int CTA_PROTONAT_PORT_MIN = 1;
  public static final int CTA_PROTONAT_PORT_MAX = 2;

  public static final int IPPROTO_ICMP = 1;
  public static final int IPPROTO_TCP = 6;
  public static final int IPPROTO_UDP = 17;
  public static final int IPPROTO_ICMPV6 = 58;
  public static final int IPPROTO_SCTP = 132;

  public static final int IP_CT_TCP_FLAG_WINDOW_SCALE = 0x01;
  public static final int IP_CT_TCP_FLAG_BE_LIBERAL = 0x08;
  public static final int TCP_CONNTRACK_SYN_RECV = 2;
  public static final int TCP_CONNTRACK_ESTABLISHED = 3;
  public static final int TCP_CONNTRACK_LAST_ACK = 6;
  public static final int SCTP_CONNTRACK_ESTABLISHED = 4;

  public static final int IPS_SEEN_REPLY = 1 << 1;
  public static final int IPS_ASSURED = 1 << 2;
  public static final int IPS_CONFIRMED = 1 << 3;
  public static final int IPS_SRC_NAT = 1 << 4;
  public static final int IPS_DST_NAT = 1 << 5;
  public static final int IPS_DYING = 1 << 9;

  private ConntrackConstants() {}
}
