package io.egressgateway.node.netlink;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A ruleset that uses every expression an egress gateway's node needs, as one batch. */
final class EgressRuleset {
  static final TableId TABLE = new TableId(NftFamily.INET, "egress_test");

  private static final LinkName TUNNEL = LinkName.of("egress.vxlan");
  private static final int TOP_BYTE = 0xff000000;
  private static final int TOP_HALF = 0xffff0000;
  private static final int LOW_HALF = 0x0000ffff;
  private static final int EGRESS = 0x26000000;
  private static final int REPLY = 0x27000000;
  private static final Bytes SYN = Bytes.u8(0x02);
  private static final Bytes SYN_ACK = Bytes.u8(0x12);

  private final NftBatch batch = new NftBatch();
  private final List<NftRule> rules = new ArrayList<>();
  private final Map<SetId, NftSet> sets = new TreeMap<>();
  private final Map<SetId, List<SetElement>> elements = new TreeMap<>();

  EgressRuleset() {
    batch.replaceTable(NftTable.of(TABLE).withComment("egress"));
    addSets();
    addChains();
    addRawRules();
    addFlowRules();
    addTunnelRules();
    addNatRules();
  }

  NftBatch batch() {
    return batch;
  }

  List<NftRule> rules() {
    return rules;
  }

  Map<SetId, NftSet> sets() {
    return sets;
  }

  Map<SetId, List<SetElement>> elements() {
    return elements;
  }

  private void addSets() {
    set(
        NftSet.of(TABLE.set("cluster4"), NftDataType.IPV4_ADDR).with(SetFlag.INTERVAL),
        IntervalElements.of(
            CidrSet.of(
                Cidr.of("10.244.0.0/16"), Cidr.of("10.245.0.0/16"), Cidr.of("224.0.0.0/3"))));
    set(
        NftSet.of(TABLE.set("cluster6"), NftDataType.IPV6_ADDR).with(SetFlag.INTERVAL),
        IntervalElements.of(CidrSet.of(Cidr.of("fd44::/16"), Cidr.of("ff00::/8"))));
    set(
        NftSet.of(TABLE.set("pod4"), NftDataType.IPV4_ADDR).to(NftDataType.MARK).withSize(1 << 20),
        List.of(
            SetElement.of(address("10.244.1.2"), NftValue.mark(1)).withComment("default/mock"),
            SetElement.of(address("10.244.1.3"), NftValue.mark(2))));
    set(
        NftSet.of(TABLE.set("pod6"), NftDataType.IPV6_ADDR).to(NftDataType.MARK),
        List.of(SetElement.of(address("fd44::2"), NftValue.mark(1))));
    set(
        NftSet.of(TABLE.set("pol4"), NftDataType.MARK, NftDataType.IPV4_ADDR)
            .to(NftDataType.MARK)
            .with(SetFlag.INTERVAL),
        List.of(
            policy(1, Cidr.of("10.6.1.92/32"), EGRESS | 7),
            policy(2, Cidr.everything(IpFamily.IPV4), EGRESS | 8)));
    set(
        NftSet.of(TABLE.set("pol6"), NftDataType.MARK, NftDataType.IPV6_ADDR)
            .to(NftDataType.MARK)
            .with(SetFlag.INTERVAL),
        List.of(policy(1, Cidr.of("fd99::/64"), EGRESS | 7)));
    set(
        NftSet.of(TABLE.set("eipgw"), NftDataType.MARK).to(NftDataType.MARK),
        List.of(SetElement.of(NftValue.mark(EGRESS | 7), NftValue.mark(0x26010015))));
    set(
        NftSet.of(TABLE.set("eip4"), NftDataType.MARK).to(NftDataType.IPV4_ADDR),
        List.of(SetElement.of(NftValue.mark(EGRESS | 7), address("10.6.168.201"))));
    set(
        NftSet.of(TABLE.set("eip6"), NftDataType.MARK).to(NftDataType.IPV6_ADDR),
        List.of(SetElement.of(NftValue.mark(EGRESS | 7), address("fd00::201"))));
    set(
        NftSet.of(TABLE.set("nodes"), NftDataType.ETHER_ADDR)
            .to(NftDataType.MARK)
            .withComment("sender to reply route"),
        List.of(
            SetElement.of(
                NftValue.mac(MacAddress.of("66:00:00:00:00:0b")), NftValue.mark(0x2702000b))));
  }

  private static Bytes address(String text) {
    return NftValue.address(IpAddress.of(text));
  }

  private static SetElement policy(int podClass, Cidr destination, int mark) {
    Bytes key = NftValue.markInRange(podClass);
    return SetElement.of(
            NftValue.concat(key, NftValue.address(destination.first())), NftValue.mark(mark))
        .through(NftValue.concat(key, NftValue.address(destination.last())));
  }

  private void set(NftSet set, List<SetElement> itsElements) {
    batch.addSet(set).addElements(set.id(), itsElements);
    sets.put(set.id(), set);
    elements.put(set.id(), itsElements);
  }

  private void addChains() {
    batch.addChain(NftChain.base(chain("raw"), BaseChain.filter(Hook.PREROUTING, -300)));
    batch.addChain(NftChain.base(chain("rawout"), BaseChain.filter(Hook.OUTPUT, -300)));
    batch.addChain(NftChain.base(chain("prerouting"), BaseChain.filter(Hook.PREROUTING, -150)));
    batch.addChain(NftChain.base(chain("late"), BaseChain.filter(Hook.POSTROUTING, 300)));
    batch.addChain(NftChain.base(chain("postrouting"), BaseChain.nat(Hook.POSTROUTING, 99)));
    for (String name :
        List.of(
            "est",
            "reply",
            "classify",
            "pol4",
            "pol6",
            "est_new",
            "clamp",
            "tun",
            "tunreply",
            "nosnat",
            "dosnat")) {
      batch.addChain(NftChain.regular(chain(name)));
    }
  }

  private static ChainId chain(String name) {
    return TABLE.chain(name);
  }

  private static SetReference at(String name) {
    return SetReference.named(TABLE.set(name));
  }

  private static NftRuleBuilder in(String chain) {
    return NftRuleBuilder.in(chain(chain));
  }

  private void rule(NftRuleBuilder rule) {
    rules.add(rule.build());
    batch.appendRule(rule.build());
  }

  private void addRawRules() {
    rule(in("raw").udpDestinationPort().is(NftValue.port(7789)).notrack());
    rule(in("rawout").udpDestinationPort().is(NftValue.port(7789)).setMetaMark(0).notrack());
  }

  private void addFlowRules() {
    rule(in("prerouting").iifname(TUNNEL).goTo(chain("tun")));
    SetReference byMark =
        batch.addAnonymousSet(
            NftSet.anonymousVerdictMap(TABLE, NftDataType.MARK),
            List.of(
                SetElement.of(NftValue.mark(EGRESS), new Verdict.Goto("est")),
                SetElement.of(NftValue.mark(REPLY), new Verdict.Goto("reply"))));
    rule(in("prerouting").ct(CtKey.MARK).and(TOP_BYTE).vmap(byMark));
    rule(in("prerouting").ctOriginal().ctState(Ct.STATE_NEW).goTo(chain("classify")));
    rule(in("est").ctReply().tcpFlags().and(SYN_ACK).is(SYN_ACK).jump(chain("clamp")));
    rule(in("est").ctReply().toCaller());
    rule(in("est").ct(CtKey.MARK).map(at("eipgw")).setMetaMark().accept());
    rule(in("est").counter().drop().comment("egress flow whose EIP has no gateway now"));
    rule(in("reply").ctReply().ct(CtKey.MARK).setMetaMark());
    rule(in("classify").destination(IpFamily.IPV4).isIn(at("cluster4")).toCaller());
    rule(in("classify").destination(IpFamily.IPV6).isIn(at("cluster6")).toCaller());
    rule(in("classify").source(IpFamily.IPV4).map(at("pod4")).setMetaMark().goTo(chain("pol4")));
    rule(in("classify").source(IpFamily.IPV6).map(at("pod6")).setMetaMark().goTo(chain("pol6")));
    rule(
        in("pol4")
            .markAndDestination(IpFamily.IPV4)
            .map(at("pol4"))
            .setCtMark()
            .goTo(chain("est_new")));
    rule(in("pol4").setMetaMark(0));
    rule(
        in("pol6")
            .markAndDestination(IpFamily.IPV6)
            .map(at("pol6"))
            .setCtMark()
            .goTo(chain("est_new")));
    rule(in("pol6").setMetaMark(0));
    rule(in("est_new").tcpFlags().and(SYN_ACK).is(SYN).jump(chain("clamp")));
    rule(in("est_new").ct(CtKey.MARK).map(at("eipgw")).setMetaMark().accept());
    rule(in("est_new").counter().drop());
    rule(in("clamp").nfproto(IpFamily.IPV4).setMaxSegmentSize(1410));
    rule(in("clamp").nfproto(IpFamily.IPV6).setMaxSegmentSize(1390));
  }

  private void addTunnelRules() {
    rule(
        in("tun")
            .ctReply()
            .ct(CtKey.MARK)
            .and(TOP_BYTE)
            .is(REPLY)
            .ct(CtKey.MARK)
            .setMetaMark()
            .toCaller());
    rule(in("tun").ctReply().goTo(chain("tunreply")));
    rule(in("tun").ctState(Ct.STATE_NEW).etherSource().map(at("nodes")).setCtMark());
    rule(in("tun").meta(MetaKey.MARK).andOr(LOW_HALF, EGRESS).setMetaMark());
    rule(in("tunreply").tcpFlags().and(SYN_ACK).is(SYN_ACK).jump(chain("clamp")));
    rule(in("tunreply").setMetaMark(0));
    rule(in("late").oifname(TUNNEL).ct(CtKey.MARK).and(LOW_HALF).setMetaMark().toCaller());
    rule(
        in("late")
            .meta(MetaKey.MARK)
            .and(TOP_HALF)
            .is(0x26010000)
            .counter()
            .drop()
            .comment("policy route missing: never leak"));
  }

  private void addNatRules() {
    rule(in("postrouting").meta(MetaKey.MARK).and(TOP_HALF).is(EGRESS).jump(chain("dosnat")));
    rule(in("postrouting").oifname(TUNNEL).jump(chain("nosnat")));
    rule(in("nosnat").source(IpFamily.IPV4).snat(IpFamily.IPV4));
    rule(in("nosnat").source(IpFamily.IPV6).snat(IpFamily.IPV6));
    SetReference known =
        batch.addAnonymousSet(
            NftSet.anonymous(TABLE, NftDataType.MARK),
            List.of(SetElement.of(NftValue.mark(EGRESS)), SetElement.of(NftValue.mark(REPLY))));
    rule(in("dosnat").ct(CtKey.MARK).and(TOP_BYTE).isNotIn(known).counter().drop());
    rule(in("dosnat").meta(MetaKey.MARK).map(at("eip4")).snat(IpFamily.IPV4));
    rule(in("dosnat").meta(MetaKey.MARK).map(at("eip6")).snat(IpFamily.IPV6));
    rule(in("dosnat").counter().drop().comment("fail closed: EIP id not ours"));
  }
}
