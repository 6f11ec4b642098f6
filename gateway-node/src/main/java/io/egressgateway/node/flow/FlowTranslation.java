package io.egressgateway.node.flow;

import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPS_ASSURED;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPS_CONFIRMED;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPS_DYING;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.IPS_SEEN_REPLY;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.TCP_CONNTRACK_LAST_ACK;
import static io.egressgateway.node.netlink.wire.conntrack.ConntrackConstants.TCP_CONNTRACK_SYN_RECV;

import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.Layer4;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.conntrack.Progress;
import io.egressgateway.node.netlink.wire.conntrack.ProtocolState;
import io.egressgateway.node.netlink.wire.conntrack.SourceNat;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the entry of a connection on one gateway node becomes the entry of the same connection on
 * another.
 *
 * <p>A pod's node sends its packets with the pod's address, and the gateway node translates them.
 * If both are the same node there is one entry, with the translation. So connections of pods of the
 * node that becomes the holder have an entry there already, without a translation, and it has to be
 * replaced; and so has, the other way round, that of pods of the node that held the egress IP.
 *
 * @param self this node
 * @param numbers by which its connections are marked
 */
record FlowTranslation(NodeNumber self, KernelNumbers numbers) {
  /** Without looking at sequence numbers, of which the new node has not seen any. */
  private static final int STATUS = IPS_SEEN_REPLY | IPS_ASSURED | IPS_CONFIRMED;

  /** Connections that came through the tunnel, by the node they came from. */
  MarkFilter tunnelled() {
    return new MarkFilter(numbers.towardsNodes(), KernelNumbers.ROLE_MASK);
  }

  /** Connections of this node's own pods. */
  MarkFilter egressing() {
    return new MarkFilter(numbers.mark(), KernelNumbers.ROLE_MASK);
  }

  /** What this node's entry is to another node; empty if it is not worth it. */
  Optional<HandedFlow> outOf(ConntrackEntry entry, HandedEip eip) {
    boolean leaves = entry.reply().destination().equals(eip.address()) && isAlive(entry.progress());
    if (!leaves
        || !(entry.reply().layer4() instanceof Layer4.Ports translated)
        || !(entry.key().original().layer4() instanceof Layer4.Ports)) {
      return Optional.empty();
    }
    Tuple original = entry.key().original();
    int port = translated.destination();
    if (tunnelled().matches(entry.progress().mark())) {
      int sender = entry.progress().mark() & KernelNumbers.NUMBER_MASK;
      return sender == 0
          ? Optional.empty()
          : Optional.of(flow(original, port, new NodeNumber(sender), entry.progress()));
    }
    if (entry.progress().mark() == numbers.egress(eip.number())) {
      return Optional.of(flow(original, port, self, entry.progress()));
    }
    return Optional.empty();
  }

  private static HandedFlow flow(Tuple original, int port, NodeNumber sender, Progress progress) {
    return new HandedFlow(original, port, sender, progress.timeoutSeconds(), progress.protocol());
  }

  /** A connection that has not been answered begins anew; one that is over needs nobody. */
  private static boolean isAlive(Progress progress) {
    boolean lives =
        switch (progress.protocol()) {
          case ProtocolState.Tcp tcp ->
              tcp.state() >= TCP_CONNTRACK_SYN_RECV && tcp.state() <= TCP_CONNTRACK_LAST_ACK;
          case ProtocolState.Sctp ignored -> true;
          case ProtocolState.Stateless ignored -> true;
        };
    return lives && progress.hasStatus(IPS_SEEN_REPLY) && !progress.hasStatus(IPS_DYING);
  }

  /** Whether the pod's own node, with its own entry, is this one. */
  boolean isOfOwnPod(HandedFlow flow) {
    return flow.sender().equals(self);
  }

  /** The entry that this node needs as the holder of the egress IP. */
  ConntrackEntry translated(HandedFlow flow, HandedEip eip) {
    int mark = isOfOwnPod(flow) ? numbers.egress(eip.number()) : numbers.replyTo(flow.sender());
    return entry(
        flow,
        mark,
        Optional.of(new SourceNat(eip.address(), OptionalInt.of(flow.translatedPort()))));
  }

  /** The entry that the pod's node needs when another one holds the egress IP. */
  ConntrackEntry untranslated(HandedFlow flow, HandedEip eip) {
    return entry(flow, numbers.egress(eip.number()), Optional.empty());
  }

  private static ConntrackEntry entry(HandedFlow flow, int mark, Optional<SourceNat> sourceNat) {
    Progress progress =
        new Progress(STATUS, mark, flow.timeoutSeconds(), unchecked(flow.protocol()));
    return new ConntrackEntry(
        FlowKey.of(flow.original()), flow.original().inverse(), progress, sourceNat);
  }

  private static ProtocolState unchecked(ProtocolState state) {
    return switch (state) {
      case ProtocolState.Tcp tcp ->
          new ProtocolState.Tcp(tcp.state(), tcp.original().liberal(), tcp.reply().liberal());
      case ProtocolState.Sctp sctp -> sctp;
      case ProtocolState.Stateless none -> none;
    };
  }
}
