package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.Phrase.Direction;
import io.egressgateway.node.kernel.Phrase.Handshake;
import io.egressgateway.node.kernel.Phrase.Mark;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import java.util.List;

/**
 * What is asked of the first packet of a pod's flow. Its destination says which egress IP the
 * connection gets, as the pod wrote it. Whether it gets one at all, and which way the packet takes,
 * is decided when that is translated: a Service has addresses that look like such outside of the
 * cluster, and kube-proxy leads from them to pods.
 */
final class FirstPacketRules {
  static final ChainId CLASSIFY = chain("classify");

  /** Behind kube-proxy's translation, which stands at -100, and before routing. */
  private static final int BEHIND_DSTNAT = -99;

  /** Leads to all pods of a node, though each has a link of its own. */
  private static final String CILIUM_DEVICE = "cilium_host";

  private static final ChainId DESTINATION_V4 = chain("destination_v4");
  private static final ChainId DESTINATION_V6 = chain("destination_v6");
  private static final ChainId FIRST_PACKET = chain("first_packet");
  private static final ChainId INTO_CLUSTER = chain("into_cluster");
  private static final ChainId AS_USUAL = chain("as_usual");
  private static final ChainId OWN_SOURCE = chain("own_source");

  private FirstPacketRules() {}

  static void add(Rules rules, KernelNumbers numbers) {
    addClassification(rules);
    addOwnSource(rules);
    addAsUsual(rules, numbers);
    addFirstPacket(rules, numbers);
    rules
        .chain(chain("prerouting_translated"), BaseChain.filter(Hook.PREROUTING, BEHIND_DSTNAT))
        .rule(
            "first packet of a local pod's flow, with the destination that it gets",
            Phrase.isNew(),
            Phrase.direction(Direction.ORIGINAL),
            Phrase.marked(Mark.CT, numbers.kindMask(), numbers.mark()),
            go(FIRST_PACKET));
  }

  private static void addClassification(Rules rules) {
    addDestination(rules, DESTINATION_V4, IpFamily.IPV4);
    addDestination(rules, DESTINATION_V6, IpFamily.IPV6);
    rules
        .chain(CLASSIFY)
        .rule(
            "inside the cluster nothing changes",
            Phrase.destinationIn(IpFamily.IPV4, LookupSet.CLUSTER_V4),
            Phrase.decide(Verdict.toCaller()))
        .rule(
            "inside the cluster nothing changes",
            Phrase.destinationIn(IpFamily.IPV6, LookupSet.CLUSTER_V6),
            Phrase.decide(Verdict.toCaller()))
        .rule(
            "pods that a policy selects",
            Phrase.markBySource(IpFamily.IPV4, LookupSet.POD_CLASS_V4),
            go(DESTINATION_V4))
        .rule(
            "pods that a policy selects",
            Phrase.markBySource(IpFamily.IPV6, LookupSet.POD_CLASS_V6),
            go(DESTINATION_V6));
  }

  /** The packet's mark holds the class no longer than it is asked for: others read it behind. */
  private static void addDestination(Rules rules, ChainId chain, IpFamily family) {
    rules
        .chain(chain)
        .rule(
            "the egress IP of the pod's class for this destination, if a policy has one",
            Phrase.markByClassAndDestination(family, LookupSet.classEip(family)))
        .rule("the way is chosen when the destination is known", Phrase.clearMark(Mark.META));
  }

  private static void addFirstPacket(Rules rules, KernelNumbers numbers) {
    rules
        .chain(FIRST_PACKET)
        .rule(
            "to a Service, by an address from outside the cluster",
            Phrase.destinationTranslated(),
            jump(INTO_CLUSTER))
        .rule(
            "not the first of an unanswered flow",
            Phrase.marked(Mark.META, numbers.kindMask(), numbers.mark()),
            Phrase.decide(Verdict.accept()))
        .rule("this node takes it, or IPVS does", Phrase.toThisNode(), go(AS_USUAL))
        .rule("an egress IP is for the pod that has the address", jump(OWN_SOURCE))
        .rule(
            "the way back is clamped by the answer",
            Phrase.opening(Handshake.SYN),
            jump(DatapathRules.CLAMP_MSS))
        .rule(
            "to where the egress IP is",
            Phrase.markByConnection(LookupSet.EIP_NEXT_HOP),
            Phrase.decide(Verdict.accept()))
        .rule("no node holds the egress IP", Phrase.drop());
  }

  private static void addOwnSource(Rules rules) {
    rules
        .chain(OWN_SOURCE)
        .rule(
            "it came the way that leads to its source",
            Phrase.cameTheWayBack(),
            Phrase.decide(Verdict.toCaller()))
        .rule(
            "Cilium leads to all pods by one device, and checks sources itself",
            Phrase.wayBackBy(CILIUM_DEVICE),
            Phrase.decide(Verdict.toCaller()))
        .rule("the source is borrowed from another pod", Phrase.drop());
  }

  /** A mark that is not ours stays: by kube-proxy's the packet is masqueraded. */
  private static void addAsUsual(Rules rules, KernelNumbers numbers) {
    Rules.Writer intoCluster = rules.chain(INTO_CLUSTER);
    for (IpFamily family : IpFamily.values()) {
      intoCluster.rule(
          "inside the cluster nothing changes",
          Phrase.destinationIn(family, LookupSet.cluster(family)),
          go(AS_USUAL));
    }
    rules
        .chain(AS_USUAL)
        .rule("the flow has no egress IP", Phrase.clearMark(Mark.CT))
        .rule(
            "the packet was taken for one of a known flow",
            Phrase.marked(Mark.META, numbers.kindMask(), numbers.mark()),
            Phrase.clearMark(Mark.META))
        .rule("as if there were no policy", Phrase.decide(Verdict.accept()));
  }

  private static List<NftExpression> go(ChainId chain) {
    return DatapathRules.go(chain);
  }

  private static List<NftExpression> jump(ChainId chain) {
    return DatapathRules.jump(chain);
  }

  private static ChainId chain(String name) {
    return DatapathRules.chain(name);
  }
}
