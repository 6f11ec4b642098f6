package io.egressgateway.node.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.IntervalElements;
import io.egressgateway.node.netlink.NftRuleBuilder;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftChainCodec;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftMessage;
import io.egressgateway.node.netlink.wire.nft.NftRuleCodec;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftSetCodec;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetElementCodec;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressCodec;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.ForwardingEntry;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkCodec;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.NeighbourCodec;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteCodec;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleCodec;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import io.egressgateway.node.netlink.wire.route.VxlanFlag;
import io.egressgateway.node.netlink.wire.route.VxlanSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bytes of each main message. Those of nf_tables were compared with {@code nft --debug=mnl} of
 * version 1.0.6, which in addition repeats a set's number with its elements, notes types of key and
 * data in the set's user data and begins a set of ranges with a mark that nothing precedes the
 * first.
 */
final class CodecGoldenTest {
  private static final TableId TABLE = new TableId(NftFamily.INET, "t");

  private static void check(NetlinkMessage message, String dump) {
    assertThat(Hexdump.of(message)).isEqualTo(Hexdump.withoutRemarks(dump));
  }

  private static Bytes classAnd(String address) {
    return NftValue.concat(NftValue.markInRange(5), NftValue.address(IpAddress.of(address)));
  }

  @Test
  void createsAVxlanTunnel() {
    check(
        LinkCodec.create(
            LinkSpec.vxlan(
                    LinkName.of("egress.vxlan"),
                    VxlanSettings.of(100, 7789)
                        .withLocal(IpAddress.of("10.6.168.11"))
                        .withLowerLink(2)
                        .with(VxlanFlag.GBP))
                .with(new LinkChange.Mac(MacAddress.of("66:00:00:00:00:0b")))
                .with(new LinkChange.Mtu(1450))
                .with(new LinkChange.Up())),
        """
        a8 00 00 00  nlmsg_len
        10 00 05 06  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        00 00 00 00  family, type
        00 00 00 00  ifi_index
        01 00 00 00  ifi_flags: IFF_UP
        01 00 00 00  ifi_change
        11 00 03 00  IFLA_IFNAME
        65 67 72 65
        73 73 2e 76
        78 6c 61 6e
        00 00 00 00
        0a 00 01 00  IFLA_ADDRESS
        66 00 00 00
        00 0b 00 00
        08 00 04 00  IFLA_MTU
        aa 05 00 00
        60 00 12 80  IFLA_LINKINFO
        0a 00 01 00    IFLA_INFO_KIND
        76 78 6c 61
        6e 00 00 00
        50 00 02 80    IFLA_INFO_DATA
        08 00 01 00      IFLA_VXLAN_ID
        64 00 00 00
        08 00 03 00      IFLA_VXLAN_LINK
        02 00 00 00
        08 00 04 00      IFLA_VXLAN_LOCAL
        0a 06 a8 0b
        05 00 05 00      IFLA_VXLAN_TTL
        00 00 00 00
        05 00 07 00      IFLA_VXLAN_LEARNING
        00 00 00 00
        06 00 0f 00      IFLA_VXLAN_PORT
        1e 6d 00 00
        05 00 12 00      IFLA_VXLAN_UDP_CSUM
        01 00 00 00
        05 00 13 00      IFLA_VXLAN_UDP_ZERO_CSUM6_TX
        00 00 00 00
        05 00 14 00      IFLA_VXLAN_UDP_ZERO_CSUM6_RX
        00 00 00 00
        04 00 17 00      IFLA_VXLAN_GBP
        """);
  }

  @Test
  void leasesAnAddress() {
    check(
        AddressCodec.replace(
            Address.of(2, IpAddress.of("10.6.168.201"), 32)
                .with(AddressFlag.NOPREFIXROUTE)
                .withLifetime(AddressLifetime.secondsNotPreferred(30))
                .withProtocol(69)),
        """
        4c 00 00 00  nlmsg_len
        14 00 05 05  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        02 20 00 00  family, prefixlen, flags, scope
        02 00 00 00  ifa_index
        08 00 02 00  IFA_LOCAL
        0a 06 a8 c9
        08 00 01 00  IFA_ADDRESS
        0a 06 a8 c9
        08 00 08 00  IFA_FLAGS
        00 02 00 00
        14 00 06 00  IFA_CACHEINFO
        00 00 00 00
        1e 00 00 00
        00 00 00 00
        00 00 00 00
        05 00 0b 00  IFA_PROTO
        45 00 00 00
        """);
  }

  @Test
  void extendsAnAddress() {
    check(
        AddressCodec.extend(
            Address.of(2, IpAddress.of("10.6.168.201"), 32)
                .with(AddressFlag.NOPREFIXROUTE)
                .withLifetime(AddressLifetime.secondsNotPreferred(30))
                .withProtocol(69)),
        """
        4c 00 00 00  nlmsg_len
        14 00 05 01  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        02 20 00 00  family, prefixlen, flags, scope
        02 00 00 00  ifa_index
        08 00 02 00  IFA_LOCAL
        0a 06 a8 c9
        08 00 01 00  IFA_ADDRESS
        0a 06 a8 c9
        08 00 08 00  IFA_FLAGS
        00 06 00 00
        14 00 06 00  IFA_CACHEINFO
        00 00 00 00
        1e 00 00 00
        00 00 00 00
        00 00 00 00
        05 00 0b 00  IFA_PROTO
        45 00 00 00
        """);
  }

  @Test
  void setsAPermanentNeighbour() {
    check(
        NeighbourCodec.replace(
            Neighbour.permanent(
                5, IpAddress.of("172.31.0.12"), MacAddress.of("66:00:00:00:00:0c"))),
        """
        30 00 00 00  nlmsg_len
        1c 00 05 05  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        02 00 00 00  family
        05 00 00 00  ndm_ifindex
        80 00 00 00  ndm_state, ndm_flags
        08 00 01 00  NDA_DST
        ac 1f 00 0c
        0a 00 02 00  NDA_LLADDR
        66 00 00 00
        00 0c 00 00
        """);
  }

  @Test
  void appendsAForwardingEntry() {
    check(
        NeighbourCodec.append(
            ForwardingEntry.of(5, MacAddress.of("66:00:00:00:00:0c"), IpAddress.of("10.6.168.12"))),
        """
        30 00 00 00  nlmsg_len
        1c 00 05 0c  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        07 00 00 00  family AF_BRIDGE
        05 00 00 00  ndm_ifindex
        80 00 02 00  ndm_state, ndm_flags NTF_SELF
        0a 00 02 00  NDA_LLADDR
        66 00 00 00
        00 0c 00 00
        08 00 01 00  NDA_DST
        0a 06 a8 0c
        """);
  }

  @Test
  void routesOnlinkThroughATable() {
    check(
        RouteCodec.replace(
            Route.to(Cidr.of("0.0.0.0/0"), NextHop.onlink(IpAddress.of("172.31.0.21"), 5))
                .in(RoutingTable.ofBits(0x26010015))
                .by(new RouteProtocol(69))),
        """
        34 00 00 00  nlmsg_len
        18 00 05 05  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        02 00 00 00  family, dst_len, src_len, tos
        fc 45 00 01  table COMPAT, protocol, scope, type
        04 00 00 00  rtm_flags: RTNH_F_ONLINK
        08 00 05 00  RTA_GATEWAY
        ac 1f 00 15
        08 00 04 00  RTA_OIF
        05 00 00 00
        08 00 0f 00  RTA_TABLE
        15 00 01 26
        """);
  }

  @Test
  void looksUpATableByMark() {
    check(
        RuleCodec.add(
            RoutingRule.lookup(
                    IpFamily.IPV4,
                    99,
                    RuleSelector.mark(FirewallMark.exactly(0x26010015)),
                    RoutingTable.ofBits(0x26010015))
                .by(new RouteProtocol(69))),
        """
        44 00 00 00  nlmsg_len
        20 00 05 06  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        02 00 00 00  family, dst_len, src_len, tos
        fc 00 00 01  table COMPAT, action
        00 00 00 00  flags
        08 00 06 00  FRA_PRIORITY
        63 00 00 00
        08 00 0a 00  FRA_FWMARK
        15 00 01 26
        08 00 10 00  FRA_FWMASK
        ff ff ff ff
        08 00 0f 00  FRA_TABLE
        15 00 01 26
        05 00 15 00  FRA_PROTOCOL
        45 00 00 00
        """);
  }

  @Test
  void beginsATransactionAtAGeneration() {
    check(
        NftMessage.batchBegin(0x01020304),
        """
        1c 00 00 00  nlmsg_len
        10 00 01 00  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        00 00 00 0a  family, version, res_id
        08 00 01 00  NFNL_BATCH_GENID
        01 02 03 04
        """);
  }

  @Test
  void addsABaseChain() {
    check(
        NftChainCodec.add(NftChain.base(TABLE.chain("post"), BaseChain.nat(Hook.POSTROUTING, 99))),
        """
        4c 00 00 00  nlmsg_len
        03 0a 01 04  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        01 00 00 00  family, version, res_id
        06 00 01 00  NFTA_CHAIN_TABLE
        74 00 00 00
        09 00 03 00  NFTA_CHAIN_NAME
        70 6f 73 74
        00 00 00 00
        14 00 04 80  NFTA_CHAIN_HOOK
        08 00 01 00    NFTA_HOOK_HOOKNUM
        00 00 00 04
        08 00 02 00    NFTA_HOOK_PRIORITY
        00 00 00 63
        08 00 05 00  NFTA_CHAIN_POLICY
        00 00 00 01
        08 00 07 00  NFTA_CHAIN_TYPE
        6e 61 74 00
        """);
  }

  @Test
  void addsAMapOfConcatenatedRanges() {
    check(
        NftSetCodec.add(
            NftSet.of(TABLE.set("pol4"), NftDataType.MARK, NftDataType.IPV4_ADDR)
                .to(NftDataType.MARK)
                .with(SetFlag.INTERVAL),
            3),
        """
        88 00 00 00  nlmsg_len
        09 0a 01 04  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        01 00 00 00  family, version, res_id
        06 00 01 00  NFTA_SET_TABLE
        74 00 00 00
        09 00 02 00  NFTA_SET_NAME
        70 6f 6c 34
        00 00 00 00
        08 00 03 00  NFTA_SET_FLAGS
        00 00 00 8c
        08 00 04 00  NFTA_SET_KEY_TYPE
        00 00 04 c7
        08 00 05 00  NFTA_SET_KEY_LEN
        00 00 00 08
        08 00 06 00  NFTA_SET_DATA_TYPE
        00 00 00 13
        08 00 07 00  NFTA_SET_DATA_LEN
        00 00 00 04
        20 00 09 80  NFTA_SET_DESC
        1c 00 02 80    NFTA_SET_DESC_CONCAT
        0c 00 01 80      NFTA_LIST_ELEM
        08 00 01 00        NFTA_SET_FIELD_LEN
        00 00 00 04
        0c 00 01 80      NFTA_LIST_ELEM
        08 00 01 00        NFTA_SET_FIELD_LEN
        00 00 00 04
        08 00 0a 00  NFTA_SET_ID
        00 00 00 03
        10 00 0d 00  NFTA_SET_USERDATA
        00 04 00 00
        00 00 01 04
        01 00 00 00
        """);
  }

  @Test
  void addsAConcatenatedRange() {
    check(
        SetElementCodec.add(
                TABLE,
                SetReference.named(TABLE.set("pol4")),
                List.of(
                    SetElement.of(classAnd("10.0.0.0"), NftValue.mark(7))
                        .through(classAnd("10.255.255.255"))))
            .get(0),
        """
        5c 00 00 00  nlmsg_len
        0c 0a 01 04  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        01 00 00 00  family, version, res_id
        06 00 01 00  NFTA_SET_ELEM_LIST_TABLE
        74 00 00 00
        09 00 02 00  NFTA_SET_ELEM_LIST_SET
        70 6f 6c 34
        00 00 00 00
        34 00 03 80  NFTA_SET_ELEM_LIST_ELEMENTS
        30 00 01 80    NFTA_LIST_ELEM
        10 00 01 80      NFTA_SET_ELEM_KEY
        0c 00 01 00        NFTA_DATA_VALUE
        00 00 00 05
        0a 00 00 00
        10 00 0a 80      NFTA_SET_ELEM_KEY_END
        0c 00 01 00        NFTA_DATA_VALUE
        00 00 00 05
        0a ff ff ff
        0c 00 02 80      NFTA_SET_ELEM_DATA
        08 00 01 00        NFTA_DATA_VALUE
        07 00 00 00
        """);
  }

  @Test
  void addsAPlainRange() {
    check(
        SetElementCodec.add(
                TABLE,
                SetReference.named(TABLE.set("c4")),
                IntervalElements.of(CidrSet.of(Cidr.of("10.99.0.0/24"))))
            .get(0),
        """
        50 00 00 00  nlmsg_len
        0c 0a 01 04  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        01 00 00 00  family, version, res_id
        06 00 01 00  NFTA_SET_ELEM_LIST_TABLE
        74 00 00 00
        07 00 02 00  NFTA_SET_ELEM_LIST_SET
        63 34 00 00
        2c 00 03 80  NFTA_SET_ELEM_LIST_ELEMENTS
        10 00 01 80    NFTA_LIST_ELEM
        0c 00 01 80      NFTA_SET_ELEM_KEY
        08 00 01 00        NFTA_DATA_VALUE
        0a 63 00 00
        18 00 01 80    NFTA_LIST_ELEM
        08 00 03 00      NFTA_SET_ELEM_FLAGS
        00 00 00 01
        0c 00 01 80      NFTA_SET_ELEM_KEY
        08 00 01 00        NFTA_DATA_VALUE
        0a 63 01 00
        """);
  }

  @Test
  void appendsARule() {
    check(
        NftRuleCodec.append(
            NftRuleBuilder.in(TABLE.chain("c"))
                .meta(MetaKey.MARK)
                .map(SetReference.named(TABLE.set("eip4")))
                .snat(IpFamily.IPV4)
                .drop()
                .comment("x")
                .build()),
        """
        dc 00 00 00  nlmsg_len
        06 0a 01 0c  nlmsg_type, nlmsg_flags
        00 00 00 00  nlmsg_seq
        00 00 00 00  nlmsg_pid
        01 00 00 00  family, version, res_id
        06 00 01 00  NFTA_RULE_TABLE
        74 00 00 00
        06 00 02 00  NFTA_RULE_CHAIN
        63 00 00 00
        b0 00 04 80  NFTA_RULE_EXPRESSIONS
        24 00 01 80    NFTA_LIST_ELEM
        09 00 01 00      NFTA_EXPR_NAME meta
        6d 65 74 61
        00 00 00 00
        14 00 02 80      NFTA_EXPR_DATA
        08 00 01 00        NFTA_META_DREG
        00 00 00 01
        08 00 02 00        NFTA_META_KEY
        00 00 00 03
        30 00 01 80    NFTA_LIST_ELEM
        0b 00 01 00      NFTA_EXPR_NAME lookup
        6c 6f 6f 6b
        75 70 00 00
        20 00 02 80      NFTA_EXPR_DATA
        09 00 01 00        NFTA_LOOKUP_SET
        65 69 70 34
        00 00 00 00
        08 00 02 00        NFTA_LOOKUP_SREG
        00 00 00 01
        08 00 03 00        NFTA_LOOKUP_DREG
        00 00 00 01
        28 00 01 80    NFTA_LIST_ELEM
        08 00 01 00      NFTA_EXPR_NAME nat
        6e 61 74 00
        1c 00 02 80      NFTA_EXPR_DATA
        08 00 01 00        NFTA_NAT_TYPE
        00 00 00 00
        08 00 02 00        NFTA_NAT_FAMILY
        00 00 00 02
        08 00 03 00        NFTA_NAT_REG_ADDR_MIN
        00 00 00 01
        30 00 01 80    NFTA_LIST_ELEM
        0e 00 01 00      NFTA_EXPR_NAME immediate
        69 6d 6d 65
        64 69 61 74
        65 00 00 00
        1c 00 02 80      NFTA_EXPR_DATA
        08 00 01 00        NFTA_IMMEDIATE_DREG
        00 00 00 00
        10 00 02 80        NFTA_IMMEDIATE_DATA
        0c 00 02 80          NFTA_DATA_VERDICT
        08 00 01 00            NFTA_VERDICT_CODE
        00 00 00 00
        08 00 07 00  NFTA_RULE_USERDATA
        00 02 78 00
        """);
  }
}
