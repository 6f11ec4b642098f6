package io.egressgateway.node.fence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.fence.FenceTable.EtherTypes;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.FibFlag;
import io.egressgateway.node.netlink.wire.nft.FibResult;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Membership;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What one table drops. Whatever names a gated address as its sender, in whichever protocol, leaves
 * only if the gate is open and the lease runs:
 *
 * <ul>
 *   <li>packets of pods, after their source was translated, of old flows too, and the errors that
 *       ICMP sends about them: {@code postrouting}, behind every address translation;
 *   <li>packets of the node itself: {@code postrouting}, and those of IPv6 already in {@code
 *       output}, where neighbour discovery passes;
 *   <li>neighbour advertisements for a gated address, whoever sends them;
 *   <li>ARP requests, replies and announcements of the kernel: family arp;
 *   <li>advertisements and ARP replies also on a link that does not answer for the address;
 *   <li>packets that came through the tunnel and still have a pod's address, because the
 *       translation is gone: those never leave;
 *   <li>the same once more at the links that answer, where also frames pass that never saw the IP
 *       layer.
 * </ul>
 *
 * <p>Probes, which name no sender, pass.
 */
record FenceRules(List<NftChain> chains, List<NftRule> rules) {
  /** Behind every translation, which is at 100. */
  private static final int LAST = 300;

  private static final int FILTER = 0;
  private static final int IFNAME_BYTES = 16;
  private static final Bytes RTN_LOCAL = Bytes.u32(2);
  private static final SortedSet<FibFlag> FROM = new TreeSet<>(List.of(FibFlag.SADDR));
  private static final Bytes NFPROTO_IPV4 = Bytes.u8(2);
  private static final Bytes NFPROTO_IPV6 = Bytes.u8(10);
  private static final Bytes ARPOP_REPLY = Bytes.be16(2);
  private static final Bytes IPPROTO_ICMPV6 = Bytes.u8(58);
  private static final Bytes NEIGHBOUR_ADVERTISEMENT = Bytes.u8(136);
  private static final List<NftExpression> DROP =
      List.of(Counter.ZERO, new Immediate.Decide(Verdict.drop()));

  FenceRules {
    chains = List.copyOf(chains);
    rules = List.copyOf(rules);
  }

  /** The chains for packets. */
  static FenceRules inet(FenceState state) {
    ChainId postrouting = FenceTable.INET.id().chain("postrouting");
    ChainId output = FenceTable.INET.id().chain("output");
    List<NftRule> rules = new ArrayList<>();
    List<NftExpression> ipv4 = family(NFPROTO_IPV4);
    List<NftExpression> ipv6 = family(NFPROTO_IPV6);
    Sender packet4 = new Sender(FenceTable.INET, IpFamily.IPV4, ipv4, PayloadField.IP_SOURCE);
    Sender packet6 = new Sender(FenceTable.INET, IpFamily.IPV6, ipv6, PayloadField.IP6_SOURCE);
    Sender neighbour = neighbour(FenceTable.INET, ipv6);
    packet4.addTo(rules, postrouting, "packets");
    packet6.addTo(rules, postrouting, "packets");
    neighbour.addTo(rules, postrouting, "neighbour adverts");
    for (String device : state.devices()) {
      state
          .tunnel()
          .map(tunnel -> new Passage(tunnel, device))
          .ifPresent(
              passage -> {
                rules.add(packet4.untranslated(postrouting, passage));
                rules.add(packet6.untranslated(postrouting, passage));
              });
    }
    packet6.addTo(rules, output, "packets");
    neighbour.addTo(rules, output, "neighbour adverts");
    rules.add(neighbour.elsewhere(output, "neighbour adverts"));
    return new FenceRules(
        List.of(
            NftChain.base(postrouting, BaseChain.filter(Hook.POSTROUTING, LAST)),
            NftChain.base(output, BaseChain.filter(Hook.OUTPUT, LAST))),
        rules);
  }

  /** The chain for the kernel's ARP. */
  static FenceRules arp() {
    ChainId output = FenceTable.ARP.id().chain("output");
    List<NftRule> rules = new ArrayList<>();
    new Sender(FenceTable.ARP, IpFamily.IPV4, List.of(), PayloadField.ARP_SENDER_IP)
        .addTo(rules, output, "ARP");
    // A request asks the way of a packet that a route leads by that link: it has to pass.
    List<NftExpression> reply =
        List.of(
            new Payload.Load(PayloadField.ARP_OPERATION, Register.R1),
            Cmp.equal(Register.R1, ARPOP_REPLY));
    rules.add(
        new Sender(FenceTable.ARP, IpFamily.IPV4, reply, PayloadField.ARP_SENDER_IP)
            .elsewhere(output, "ARP replies"));
    return new FenceRules(
        List.of(NftChain.base(output, BaseChain.filter(Hook.OUTPUT, FILTER))), rules);
  }

  /** A chain for all frames of each device. */
  static FenceRules egress(SortedSet<String> devices) {
    List<NftChain> chains = new ArrayList<>();
    List<NftRule> rules = new ArrayList<>();
    for (String device : devices) {
      ChainId chain = FenceTable.EGRESS.id().chain("egress_" + device);
      chains.add(NftChain.base(chain, BaseChain.egress(device, FILTER)));
      addFrames(rules, chain);
    }
    return new FenceRules(chains, rules);
  }

  private static void addFrames(List<NftRule> rules, ChainId egress) {
    List<NftExpression> ipv6 = etherType(EtherTypes.IPV6);
    new Sender(FenceTable.EGRESS, IpFamily.IPV4, etherType(EtherTypes.IPV4), PayloadField.IP_SOURCE)
        .addTo(rules, egress, "packets");
    new Sender(FenceTable.EGRESS, IpFamily.IPV6, ipv6, PayloadField.IP6_SOURCE)
        .addTo(rules, egress, "packets");
    neighbour(FenceTable.EGRESS, ipv6).addTo(rules, egress, "neighbour adverts");
    new Sender(
            FenceTable.EGRESS, IpFamily.IPV4, etherType(EtherTypes.ARP), PayloadField.ARP_SENDER_IP)
        .addTo(rules, egress, "ARP");
  }

  /** From other nodes to the outside. */
  private record Passage(String tunnel, String uplink) {
    private List<NftExpression> match() {
      return List.of(
          new Meta.Load(MetaKey.IIFNAME, Register.R1),
          Cmp.equal(Register.R1, name(tunnel)),
          new Meta.Load(MetaKey.OIFNAME, Register.R1),
          Cmp.equal(Register.R1, name(uplink)));
    }

    private static Bytes name(String device) {
      return Bytes.of(device.getBytes(UTF_8)).padTo(IFNAME_BYTES);
    }
  }

  /** Where a kind of packet names its sender. */
  private record Sender(
      FenceTable table, IpFamily family, List<NftExpression> kind, PayloadField field) {

    void addTo(List<NftRule> rules, ChainId chain, String what) {
      rules.add(
          rule(
              chain,
              what + " of an egress IP whose gate is closed",
              List.of(
                  new Payload.Load(field, Register.R1),
                  member(table.open(family), Membership.NOT_IN))));
      rules.add(
          rule(
              chain,
              what + " of an egress IP after the lease ended",
              List.of(
                  member(table.held(family), Membership.NOT_IN),
                  new Meta.Load(MetaKey.PROTOCOL, Register.R1),
                  member(table.lease(), Membership.NOT_IN))));
    }

    /** A pod's own address must not get out, should the translation be gone. */
    NftRule untranslated(ChainId chain, Passage passage) {
      List<NftExpression> all = new ArrayList<>(kind);
      all.addAll(passage.match());
      all.add(new Payload.Load(field, Register.R1));
      all.add(member(table.gated(family), Membership.NOT_IN));
      // The tunnel's own outer packets count as come by it, and have this node's address.
      all.add(new Fib(FROM, FibResult.ADDRESS_TYPE, Register.R1));
      all.add(Cmp.notEqual(Register.R1, RTN_LOCAL));
      all.addAll(DROP);
      return NftRule.of(chain, all).withComment("packets of pods that no egress IP was given");
    }

    /** The kernel answers on every link for an address of any. */
    NftRule elsewhere(ChainId chain, String what) {
      List<NftExpression> all = new ArrayList<>(kind);
      all.add(new Payload.Load(field, Register.R1));
      all.add(member(table.gated(family), Membership.IN));
      all.add(new Payload.Load(field, Register.word(0)));
      all.add(new Meta.Load(MetaKey.OIFNAME, Register.word(family.bits() / Integer.SIZE)));
      all.add(member(table.placed(), Membership.NOT_IN));
      all.addAll(DROP);
      return NftRule.of(chain, all)
          .withComment(what + " of an egress IP on a link that is not its own");
    }

    private NftRule rule(ChainId chain, String comment, List<NftExpression> closed) {
      List<NftExpression> all = new ArrayList<>(kind);
      all.add(new Payload.Load(field, Register.R1));
      all.add(member(table.gated(family), Membership.IN));
      all.addAll(closed);
      all.addAll(DROP);
      return NftRule.of(chain, all).withComment(comment);
    }
  }

  private static Sender neighbour(FenceTable table, List<NftExpression> ipv6) {
    List<NftExpression> kind = new ArrayList<>(ipv6);
    kind.add(new Meta.Load(MetaKey.L4PROTO, Register.R1));
    kind.add(Cmp.equal(Register.R1, IPPROTO_ICMPV6));
    kind.add(new Payload.Load(PayloadField.ICMPV6_TYPE, Register.R1));
    kind.add(Cmp.equal(Register.R1, NEIGHBOUR_ADVERTISEMENT));
    return new Sender(table, IpFamily.IPV6, List.copyOf(kind), PayloadField.NEIGHBOUR_TARGET);
  }

  private static List<NftExpression> family(Bytes number) {
    return List.of(new Meta.Load(MetaKey.NFPROTO, Register.R1), Cmp.equal(Register.R1, number));
  }

  // Of the frame itself: a packet socket may have told the kernel another protocol.
  private static List<NftExpression> etherType(Bytes type) {
    return List.of(
        new Payload.Load(PayloadField.ETHER_TYPE, Register.R1), Cmp.equal(Register.R1, type));
  }

  private static Lookup.Member member(SetId set, Membership membership) {
    return new Lookup.Member(SetReference.named(set), Register.R1, membership);
  }
}
