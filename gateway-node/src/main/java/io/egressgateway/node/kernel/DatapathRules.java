package io.egressgateway.node.kernel;

import static io.egressgateway.core.plan.KernelNumbers.NUMBER_MASK;
import static io.egressgateway.core.plan.KernelNumbers.ROLE_MASK;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.Phrase.Direction;
import io.egressgateway.node.kernel.Phrase.Handshake;
import io.egressgateway.node.kernel.Phrase.Mark;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.Notrack;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import java.util.List;

/**
 * The way of a packet. On the pod's node, {@linkplain FirstPacketRules the first packet of a flow}
 * gets a class from its source and an egress IP from class and destination; the connection
 * remembers the egress IP. Every packet of it is then marked with the way to the node that holds
 * that egress IP, and carries the egress IP's number in the tunnel header. On that node the number
 * becomes the source address, and the connection remembers the node it came from, so that replies
 * find back.
 *
 * <p>An egress IP goes with a pod's address only if the packet came the way that leads to that
 * address, and the tunnel takes packets only from nodes that it knows.
 *
 * <p>Behind the routing decision it is the connection's mark that counts: others use the packet's
 * mark for their own ends there, as Calico does for what its policies accept.
 *
 * <p>Whatever is selected and cannot go this way is dropped and counted; it never leaves with
 * another source.
 */
final class DatapathRules {
  private static final int RAW = -300;
  static final int MANGLE = -150;
  private static final int BEFORE_FILTER = -5;

  /** Before any masquerading of the CNI, which stands at 100. */
  private static final int BEFORE_SRCNAT = 99;

  private static final int LAST = 300;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;

  private static final List<NftExpression> UNTRACK = List.of(new Notrack());

  private static final int IPV4_AND_TCP_BYTES = 20 + 20;
  private static final int IPV6_AND_TCP_BYTES = 40 + 20;

  static final ChainId CLAMP_MSS = chain("clamp_mss");
  private static final ChainId KNOWN_FLOW = chain("known_flow");
  private static final ChainId REPLY_TO_NODE = chain("reply_to_node");
  private static final ChainId TUNNEL_ENTRANCE = chain("tunnel_entrance");
  private static final ChainId REPLY_FROM_GATEWAY = chain("reply_from_gateway");
  private static final ChainId FROM_TUNNEL = chain("from_tunnel");
  private static final ChainId KEEP_SOURCE = chain("keep_source");
  private static final ChainId TRANSLATE_OWN = chain("translate_own");
  private static final ChainId TRANSLATE = chain("translate");
  private static final ChainId SOURCE_CHECK = chain("source_check");

  private DatapathRules() {}

  static Rules of(String device, int port, int mtu, KernelNumbers numbers) {
    Rules rules = new Rules();
    addClamp(rules, mtu);
    addKnownFlow(rules);
    FirstPacketRules.add(rules, numbers);
    addFromTunnel(rules, numbers);
    addTranslation(rules, device, numbers);
    addTunnelEntrance(rules, port);
    rules
        .chain(chain("prerouting"), BaseChain.filter(Hook.PREROUTING, MANGLE))
        .rule("out of the tunnel", Phrase.arrivesBy(device), go(FROM_TUNNEL))
        .rule(
            "flow of a local pod with an egress IP",
            Phrase.marked(Mark.CT, numbers.kindMask(), numbers.mark()),
            go(KNOWN_FLOW))
        .rule(
            "flow that came through the tunnel",
            Phrase.marked(Mark.CT, numbers.kindMask(), numbers.tunnelledKind()),
            go(REPLY_TO_NODE))
        .rule(
            "only the first packet of a flow is looked up",
            Phrase.direction(Direction.ORIGINAL),
            Phrase.isNew(),
            go(FirstPacketRules.CLASSIFY));
    addPostrouting(rules, device, numbers);
    addGuard(rules);
    return rules;
  }

  private static void addClamp(Rules rules, int mtu) {
    rules
        .chain(CLAMP_MSS)
        .rule(
            "segments fit into the tunnel",
            Phrase.family(IpFamily.IPV4),
            Phrase.limitSegment(mtu - IPV4_AND_TCP_BYTES))
        .rule(
            "segments fit into the tunnel",
            Phrase.family(IpFamily.IPV6),
            Phrase.limitSegment(mtu - IPV6_AND_TCP_BYTES));
  }

  private static void addKnownFlow(Rules rules) {
    countAnswers(rules.chain(KNOWN_FLOW))
        .rule(
            "answer to a pod of a gateway node",
            Phrase.direction(Direction.REPLY),
            Phrase.opening(Handshake.SYN_ACK),
            jump(CLAMP_MSS))
        .rule(
            "answers are routed as usual",
            Phrase.direction(Direction.REPLY),
            Phrase.decide(Verdict.toCaller()))
        .rule(
            "to where the egress IP is now",
            Phrase.markByConnection(LookupSet.EIP_NEXT_HOP),
            Phrase.decide(Verdict.accept()))
        .rule("no node holds the egress IP", Phrase.drop());
    countAnswers(rules.chain(REPLY_TO_NODE))
        .rule(
            "back to the node the flow came from",
            Phrase.direction(Direction.REPLY),
            Phrase.restoreMark());
  }

  /** Here, because an answer has the egress IP as its destination until it is translated back. */
  private static Rules.Writer countAnswers(Rules.Writer chain) {
    for (IpFamily family : IpFamily.values()) {
      chain.rule(
          "answers are counted by their egress IP",
          Phrase.direction(Direction.REPLY),
          Phrase.destinationIn(family, LookupSet.eipReceived(family)));
    }
    return chain;
  }

  private static void addFromTunnel(Rules rules, KernelNumbers numbers) {
    rules
        .chain(REPLY_FROM_GATEWAY)
        .rule("segments fit into the tunnel", Phrase.opening(Handshake.SYN_ACK), jump(CLAMP_MSS))
        .rule("answers are routed as usual", Phrase.rewriteMark(0, numbers.answer()));
    rules
        .chain(FROM_TUNNEL)
        .rule(
            "answer of a pod to another node's flow",
            Phrase.direction(Direction.REPLY),
            Phrase.marked(Mark.CT, numbers.kindMask(), numbers.tunnelledKind()),
            Phrase.restoreMark(),
            Phrase.decide(Verdict.toCaller()))
        .rule("answer to a local pod", Phrase.direction(Direction.REPLY), go(REPLY_FROM_GATEWAY))
        .rule(
            "no way through the tunnel into the cluster",
            Phrase.isNew(),
            Phrase.destinationIn(IpFamily.IPV4, LookupSet.CLUSTER_V4),
            Phrase.toElsewhere(),
            Phrase.drop())
        .rule(
            "no way through the tunnel into the cluster",
            Phrase.isNew(),
            Phrase.destinationIn(IpFamily.IPV6, LookupSet.CLUSTER_V6),
            Phrase.toElsewhere(),
            Phrase.drop())
        .rule(
            "remember the node it came from",
            Phrase.isNew(),
            Phrase.markBySender(LookupSet.NODE_MARK))
        .rule(
            "the tunnel header says which egress IP",
            Phrase.rewriteMark(NUMBER_MASK, numbers.mark()));
  }

  private static void addTranslation(Rules rules, String device, KernelNumbers numbers) {
    rules
        .chain(KEEP_SOURCE)
        .rule("no masquerading into the tunnel", Phrase.keepSource(IpFamily.IPV4))
        .rule("no masquerading into the tunnel", Phrase.keepSource(IpFamily.IPV6));
    rules
        .chain(TRANSLATE_OWN)
        .rule(
            "leaves with its egress IP",
            Phrase.translateByConnection(IpFamily.IPV4, LookupSet.EIP_ADDRESS_V4))
        .rule(
            "leaves with its egress IP",
            Phrase.translateByConnection(IpFamily.IPV6, LookupSet.EIP_ADDRESS_V6))
        .rule("this node does not hold the egress IP", Phrase.drop());
    rules
        .chain(TRANSLATE)
        .rule(
            "leaves with its egress IP",
            Phrase.translateByMark(
                IpFamily.IPV4, LookupSet.EIP_ADDRESS_V4, NUMBER_MASK, numbers.mark()))
        .rule(
            "leaves with its egress IP",
            Phrase.translateByMark(
                IpFamily.IPV6, LookupSet.EIP_ADDRESS_V6, NUMBER_MASK, numbers.mark()))
        .rule("this node does not hold the egress IP", Phrase.drop());
    rules
        .chain(chain("postrouting"), BaseChain.nat(Hook.POSTROUTING, BEFORE_SRCNAT))
        .rule("first packet of a flow into the tunnel", Phrase.leavesBy(device), jump(KEEP_SOURCE))
        .rule(
            "first packet of a local pod's flow",
            Phrase.marked(Mark.CT, ROLE_MASK, numbers.mark()),
            go(TRANSLATE_OWN))
        .rule(
            "first packet of a flow out of the tunnel",
            Phrase.marked(Mark.CT, numbers.kindMask(), numbers.tunnelledKind()),
            go(TRANSLATE))
        .rule(
            "out of the tunnel, but from no node that is known",
            Phrase.marked(Mark.META, ROLE_MASK, numbers.mark()),
            Phrase.drop());
  }

  /** Who may send to the tunnel's port, on this node and through it on others. */
  private static void addTunnelEntrance(Rules rules, int port) {
    Rules.Writer entrance = rules.chain(TUNNEL_ENTRANCE);
    for (IpFamily family : IpFamily.values()) {
      entrance.rule(
          "from a node of the tunnel, and they have no connection",
          Phrase.sourceIn(family, LookupSet.tunnelPeers(family)),
          Phrase.cameTheWayBack(),
          UNTRACK,
          Phrase.decide(Verdict.accept()));
    }
    entrance.rule("into this node's tunnel from elsewhere", Phrase.toThisNode(), Phrase.drop());
    for (IpFamily family : IpFamily.values()) {
      entrance.rule(
          "into another node's tunnel, with this node's address behind a masquerade",
          Phrase.destinationIn(family, LookupSet.tunnelPeers(family)),
          Phrase.drop());
    }
    rules
        .chain(chain("prerouting_raw"), BaseChain.filter(Hook.PREROUTING, RAW))
        .rule(
            "tunnel packets",
            Phrase.protocol(IPPROTO_UDP),
            Phrase.destinationPort(port),
            go(TUNNEL_ENTRANCE));
    rules
        .chain(chain("output_raw"), BaseChain.filter(Hook.OUTPUT, RAW))
        .rule(
            "the outer packet is not routed by the inner mark",
            Phrase.protocol(IPPROTO_UDP),
            Phrase.destinationPort(port),
            Phrase.clearMark(Mark.META),
            UNTRACK);
  }

  private static void addPostrouting(Rules rules, String device, KernelNumbers numbers) {
    rules
        .chain(chain("postrouting_last"), BaseChain.filter(Hook.POSTROUTING, LAST))
        .rule(
            "the egress IP's number travels in the tunnel header",
            Phrase.leavesBy(device),
            Phrase.restoreMark(NUMBER_MASK),
            Phrase.decide(Verdict.toCaller()))
        .rule(
            "the route to the gateway node is missing",
            Phrase.marked(Mark.CT, ROLE_MASK, numbers.mark()),
            Phrase.direction(Direction.ORIGINAL),
            Phrase.markByConnection(LookupSet.EIP_NEXT_HOP),
            Phrase.marked(Mark.META, ROLE_MASK, numbers.towardsGateways()),
            Phrase.drop())
        .rule(
            "what leaves with an egress IP",
            Phrase.marked(Mark.META, ROLE_MASK, numbers.mark()),
            go(SOURCE_CHECK));
    // Only the first packet of a flow asks for a translation: a flow that began when another node
    // held the egress IP has none here.
    rules
        .chain(SOURCE_CHECK)
        .rule("counted by its egress IP", Phrase.markIn(LookupSet.EIP_SENT))
        .rule(
            "its source is one",
            Phrase.sourceIn(IpFamily.IPV4, LookupSet.HELD_V4),
            Phrase.decide(Verdict.accept()))
        .rule(
            "its source is one",
            Phrase.sourceIn(IpFamily.IPV6, LookupSet.HELD_V6),
            Phrase.decide(Verdict.accept()))
        .rule(
            "its source is the node's own address, and should be",
            Phrase.markAndSourceIn(IpFamily.IPV4, LookupSet.OWN_SOURCE_V4),
            Phrase.decide(Verdict.accept()))
        .rule(
            "its source is the node's own address, and should be",
            Phrase.markAndSourceIn(IpFamily.IPV6, LookupSet.OWN_SOURCE_V6),
            Phrase.decide(Verdict.accept()))
        .rule("the flow was never translated here", Phrase.drop());
  }

  private static void addGuard(Rules rules) {
    Rules.Writer guard =
        rules.chain(chain("input_guard"), BaseChain.filter(Hook.INPUT, BEFORE_FILTER));
    for (IpFamily family : IpFamily.values()) {
      for (int protocol : List.of(IPPROTO_TCP, IPPROTO_UDP)) {
        guard.rule(
            "strays to an egress IP get no answer of this node",
            Phrase.destinationIn(family, LookupSet.held(family)),
            Phrase.protocol(protocol),
            Phrase.drop());
      }
    }
  }

  static List<NftExpression> go(ChainId chain) {
    return Phrase.decide(Verdict.goTo(chain));
  }

  static List<NftExpression> jump(ChainId chain) {
    return Phrase.decide(Verdict.jump(chain));
  }

  static ChainId chain(String name) {
    return Ruleset.TABLE.chain(name);
  }
}
