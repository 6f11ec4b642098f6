package io.egressgateway.node.netlink.wire.nft;

/**
 * Numbers of nf_tables, named and valued as in linux/netfilter.h,
 * linux/netfilter/{nfnetlink,nf_tables,nf_nat}.h and libnftnl/udata.h.
 */
public final class NftConstants {
  public static final int NF_DROP = 0;
  public static final int NF_ACCEPT = 1;
  public static final int NF_NAT_RANGE_MAP_IPS = 0x1;
  public static final int NF_NAT_RANGE_PROTO_SPECIFIED = 0x2;
  public static final int NF_NAT_RANGE_PROTO_RANDOM = 0x4;
  public static final int NF_NAT_RANGE_PERSISTENT = 0x8;
  public static final int NF_NAT_RANGE_PROTO_RANDOM_FULLY = 0x10;

  public static final int NFNETLINK_V0 = 0;

  public static final int NFNL_BATCH_GENID = 1;
  public static final int NFNL_SUBSYS_NFTABLES = 10;
  public static final int NFNL_MSG_BATCH_BEGIN = 16;
  public static final int NFNL_MSG_BATCH_END = 17;

  public static final int NFNLGRP_NFTABLES = 7;

  public static final int NFPROTO_INET = 1;
  public static final int NFPROTO_IPV4 = 2;
  public static final int NFPROTO_ARP = 3;
  public static final int NFPROTO_NETDEV = 5;
  public static final int NFPROTO_BRIDGE = 7;
  public static final int NFPROTO_IPV6 = 10;

  public static final int NFTA_BITWISE_SREG = 1;
  public static final int NFTA_BITWISE_DREG = 2;
  public static final int NFTA_BITWISE_LEN = 3;
  public static final int NFTA_BITWISE_MASK = 4;
  public static final int NFTA_BITWISE_XOR = 5;
  public static final int NFTA_BITWISE_OP = 6;

  public static final int NFTA_BYTEORDER_SREG = 1;
  public static final int NFTA_BYTEORDER_DREG = 2;
  public static final int NFTA_BYTEORDER_OP = 3;
  public static final int NFTA_BYTEORDER_LEN = 4;
  public static final int NFTA_BYTEORDER_SIZE = 5;

  public static final int NFTA_CHAIN_TABLE = 1;
  public static final int NFTA_CHAIN_HANDLE = 2;
  public static final int NFTA_CHAIN_NAME = 3;
  public static final int NFTA_CHAIN_HOOK = 4;
  public static final int NFTA_CHAIN_POLICY = 5;
  public static final int NFTA_CHAIN_TYPE = 7;

  public static final int NFTA_CMP_SREG = 1;
  public static final int NFTA_CMP_OP = 2;
  public static final int NFTA_CMP_DATA = 3;

  public static final int NFTA_COUNTER_BYTES = 1;
  public static final int NFTA_COUNTER_PACKETS = 2;

  public static final int NFTA_CT_DREG = 1;
  public static final int NFTA_CT_KEY = 2;
  public static final int NFTA_CT_SREG = 4;

  public static final int NFTA_DATA_VALUE = 1;
  public static final int NFTA_DATA_VERDICT = 2;

  public static final int NFTA_EXPR_NAME = 1;
  public static final int NFTA_EXPR_DATA = 2;

  public static final int NFTA_EXTHDR_DREG = 1;
  public static final int NFTA_EXTHDR_TYPE = 2;
  public static final int NFTA_EXTHDR_OFFSET = 3;
  public static final int NFTA_EXTHDR_LEN = 4;
  public static final int NFTA_EXTHDR_FLAGS = 5;
  public static final int NFTA_EXTHDR_OP = 6;
  public static final int NFTA_EXTHDR_SREG = 7;

  public static final int NFTA_FIB_DREG = 1;
  public static final int NFTA_FIB_F_SADDR = 0x1;
  public static final int NFTA_FIB_F_DADDR = 0x2;
  public static final int NFTA_FIB_RESULT = 2;
  public static final int NFTA_FIB_FLAGS = 0x3;
  public static final int NFTA_FIB_F_MARK = 0x4;
  public static final int NFTA_FIB_F_IIF = 0x8;
  public static final int NFTA_FIB_F_OIF = 0x10;
  public static final int NFTA_FIB_F_PRESENT = 0x20;

  public static final int NFTA_GEN_ID = 1;
  public static final int NFTA_GEN_PROC_PID = 2;
  public static final int NFTA_GEN_PROC_NAME = 3;

  public static final int NFTA_HOOK_HOOKNUM = 1;
  public static final int NFTA_HOOK_PRIORITY = 2;
  public static final int NFTA_HOOK_DEV = 3;

  public static final int NFTA_IMMEDIATE_DREG = 1;
  public static final int NFTA_IMMEDIATE_DATA = 2;

  public static final int NFTA_LIST_ELEM = 1;

  public static final int NFTA_LOOKUP_SET = 1;
  public static final int NFTA_LOOKUP_SREG = 2;
  public static final int NFTA_LOOKUP_DREG = 3;
  public static final int NFTA_LOOKUP_SET_ID = 4;
  public static final int NFTA_LOOKUP_FLAGS = 5;

  public static final int NFTA_MASQ_FLAGS = 1;
  public static final int NFTA_MASQ_REG_PROTO_MIN = 2;

  public static final int NFTA_META_DREG = 1;
  public static final int NFTA_META_KEY = 2;
  public static final int NFTA_META_SREG = 3;

  public static final int NFTA_NAT_TYPE = 1;
  public static final int NFTA_NAT_FAMILY = 2;
  public static final int NFTA_NAT_REG_ADDR_MIN = 3;
  public static final int NFTA_NAT_REG_ADDR_MAX = 4;
  public static final int NFTA_NAT_REG_PROTO_MIN = 5;
  public static final int NFTA_NAT_REG_PROTO_MAX = 6;
  public static final int NFTA_NAT_FLAGS = 7;

  public static final int NFTA_PAYLOAD_DREG = 1;
  public static final int NFTA_PAYLOAD_BASE = 2;
  public static final int NFTA_PAYLOAD_OFFSET = 3;
  public static final int NFTA_PAYLOAD_LEN = 4;

  public static final int NFTA_RANGE_SREG = 0x1;
  public static final int NFTA_RANGE_OP = 0x2;
  public static final int NFTA_RANGE_FROM_DATA = 0x3;
  public static final int NFTA_RANGE_TO_DATA = 0x4;

  public static final int NFTA_RULE_TABLE = 1;
  public static final int NFTA_RULE_CHAIN = 2;
  public static final int NFTA_RULE_HANDLE = 3;
  public static final int NFTA_RULE_EXPRESSIONS = 4;
  public static final int NFTA_RULE_POSITION = 6;
  public static final int NFTA_RULE_USERDATA = 7;

  public static final int NFTA_SET_DESC_SIZE = 1;
  public static final int NFTA_SET_ELEM_KEY = 1;
  public static final int NFTA_SET_ELEM_LIST_TABLE = 1;
  public static final int NFTA_SET_FIELD_LEN = 1;
  public static final int NFTA_SET_TABLE = 1;
  public static final int NFTA_SET_DESC_CONCAT = 2;
  public static final int NFTA_SET_ELEM_DATA = 2;
  public static final int NFTA_SET_ELEM_LIST_SET = 2;
  public static final int NFTA_SET_NAME = 2;
  public static final int NFTA_SET_ELEM_FLAGS = 3;
  public static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
  public static final int NFTA_SET_FLAGS = 3;
  public static final int NFTA_SET_ELEM_LIST_SET_ID = 4;
  public static final int NFTA_SET_ELEM_TIMEOUT = 4;
  public static final int NFTA_SET_KEY_TYPE = 4;
  public static final int NFTA_SET_ELEM_EXPIRATION = 5;
  public static final int NFTA_SET_KEY_LEN = 5;
  public static final int NFTA_SET_DATA_TYPE = 6;
  public static final int NFTA_SET_ELEM_USERDATA = 6;
  public static final int NFTA_SET_ELEM_EXPR = 7;
  public static final int NFTA_SET_DATA_LEN = 7;
  public static final int NFTA_SET_DESC = 9;
  public static final int NFTA_SET_ELEM_KEY_END = 10;
  public static final int NFTA_SET_ID = 10;
  public static final int NFTA_SET_TIMEOUT = 11;
  public static final int NFTA_SET_USERDATA = 13;
  public static final int NFTA_SET_EXPR = 17;
  public static final int NFTA_SET_HANDLE = 16;

  public static final int NFTA_TABLE_NAME = 1;
  public static final int NFTA_TABLE_FLAGS = 2;
  public static final int NFTA_TABLE_HANDLE = 4;
  public static final int NFTA_TABLE_USERDATA = 6;
  public static final int NFTA_TABLE_OWNER = 7;

  public static final int NFTA_VERDICT_CODE = 1;
  public static final int NFTA_VERDICT_CHAIN = 2;

  public static final int NFTNL_UDATA_RULE_COMMENT = 0;
  public static final int NFTNL_UDATA_SET_ELEM_COMMENT = 0;
  public static final int NFTNL_UDATA_SET_KEYBYTEORDER = 0;
  public static final int NFTNL_UDATA_TABLE_COMMENT = 0;
  public static final int NFTNL_UDATA_SET_DATABYTEORDER = 1;
  public static final int NFTNL_UDATA_SET_COMMENT = 7;

  public static final int NFT_BITWISE_MASK_XOR = 0;

  public static final int NFT_BYTEORDER_NTOH = 0;
  public static final int NFT_BYTEORDER_HTON = 1;

  public static final int NFT_CMP_EQ = 0;
  public static final int NFT_CMP_NEQ = 1;
  public static final int NFT_CMP_LT = 2;
  public static final int NFT_CMP_LTE = 3;
  public static final int NFT_CMP_GT = 4;
  public static final int NFT_CMP_GTE = 5;

  public static final int NFT_CONTINUE = -1;

  public static final int NFT_CT_STATE = 0;
  public static final int NFT_CT_DIRECTION = 1;
  public static final int NFT_CT_STATUS = 2;
  public static final int NFT_CT_MARK = 3;

  public static final int NFT_DATA_VERDICT = 0xffffff00;

  public static final int NFT_EXTHDR_OP_TCPOPT = 1;

  public static final int NFT_FIB_RESULT_OIF = 1;
  public static final int NFT_FIB_RESULT_OIFNAME = 2;
  public static final int NFT_FIB_RESULT_ADDRTYPE = 3;

  public static final int NFT_GOTO = -4;

  public static final int NFT_JUMP = -3;

  public static final int NFT_LOOKUP_F_INV = 0x1;

  public static final int NFT_META_PROTOCOL = 1;
  public static final int NFT_META_MARK = 3;
  public static final int NFT_META_IIF = 4;
  public static final int NFT_META_OIF = 5;
  public static final int NFT_META_IIFNAME = 6;
  public static final int NFT_META_OIFNAME = 7;
  public static final int NFT_META_IIFTYPE = 8;
  public static final int NFT_META_OIFTYPE = 9;
  public static final int NFT_META_NFPROTO = 15;
  public static final int NFT_META_L4PROTO = 16;
  public static final int NFT_META_PKTTYPE = 19;

  // NFTA_MATCH_… and NFTA_TARGET_… are the same numbers.
  public static final int NFTA_XT_NAME = 1;
  public static final int NFTA_XT_REV = 2;
  public static final int NFTA_XT_INFO = 3;
  public static final int NFT_MSG_NEWTABLE = 0;
  public static final int NFT_MSG_GETTABLE = 1;
  public static final int NFT_MSG_DELTABLE = 2;
  public static final int NFT_MSG_NEWCHAIN = 3;
  public static final int NFT_MSG_GETCHAIN = 4;
  public static final int NFT_MSG_DELCHAIN = 5;
  public static final int NFT_MSG_NEWRULE = 6;
  public static final int NFT_MSG_GETRULE = 7;
  public static final int NFT_MSG_DELRULE = 8;
  public static final int NFT_MSG_NEWSET = 9;
  public static final int NFT_MSG_GETSET = 10;
  public static final int NFT_MSG_DELSET = 11;
  public static final int NFT_MSG_NEWSETELEM = 12;
  public static final int NFT_MSG_GETSETELEM = 13;
  public static final int NFT_MSG_DELSETELEM = 14;
  public static final int NFT_MSG_NEWGEN = 15;
  public static final int NFT_MSG_GETGEN = 16;
  public static final int NFT_MSG_DESTROYTABLE = 26;
  public static final int NFT_MSG_DESTROYSETELEM = 30;

  public static final int NFT_NAT_SNAT = 0;
  public static final int NFT_NAT_DNAT = 1;

  public static final int NFT_PAYLOAD_LL_HEADER = 0;
  public static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
  public static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

  public static final int NFT_REG_VERDICT = 0;
  public static final int NFT_REG_1 = 1;
  public static final int NFT_REG_2 = 2;
  public static final int NFT_REG_3 = 3;
  public static final int NFT_REG_4 = 4;

  public static final int NFT_REG32_00 = 8;

  public static final int NFT_RETURN = -5;

  public static final int NFT_SET_ANONYMOUS = 0x1;
  public static final int NFT_SET_ELEM_INTERVAL_END = 0x1;
  public static final int NFT_SET_CONSTANT = 0x2;
  public static final int NFT_SET_ELEM_CATCHALL = 0x2;
  public static final int NFT_SET_INTERVAL = 0x4;
  public static final int NFT_SET_MAP = 0x8;
  public static final int NFT_SET_TIMEOUT = 0x10;
  public static final int NFT_SET_EVAL = 0x20;
  public static final int NFT_SET_OBJECT = 0x40;
  public static final int NFT_SET_CONCAT = 0x80;

  public static final int NFT_TABLE_F_DORMANT = 0x1;
  public static final int NFT_TABLE_F_OWNER = 0x2;
  public static final int NFT_TABLE_F_PERSIST = 0x4;

  private NftConstants() {}
}
