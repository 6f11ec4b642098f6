package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Connections on their way from a node to the one that its egress IP moves to. Nothing of it is
 * kept: what gets lost is not sent again, and the move goes on without it.
 */
final class NodeFlows {
  /** Moves from one node at a time; of more the oldest is forgotten. */
  private static final int RECEIVERS_MAX = 10_000;

  private final NodeName node;
  private final AgentSlot slot;
  private final EntityDirectory entities;

  /** Whom this node's agent was asked to send connections. */
  private final Map<IpAddress, NodeName> receivers = new LinkedHashMap<>();

  NodeFlows(NodeName node, AgentSlot slot, EntityDirectory entities) {
    this.node = node;
    this.slot = slot;
    this.entities = entities;
  }

  /** Asks the agent for the connections. */
  void handOver(NodeEntity.HandOverFlows order) {
    IpAddress address = order.eip().address();
    receivers.remove(address);
    if (receivers.size() >= RECEIVERS_MAX) {
      receivers.remove(receivers.keySet().iterator().next());
    }
    receivers.put(address, order.receiver());
    slot.say(new AgentOffer.WantFlows(order.eip(), order.receiver()));
  }

  /** Passes on what was asked for; an agent cannot send anything to anybody else. */
  void found(NodeEntity.FlowsFound found) {
    Optional.ofNullable(receivers.get(found.parcel().eip().address()))
        .filter(found.receiver()::equals)
        .ifPresent(
            receiver ->
                entities.node(receiver).tell(new NodeEntity.FlowsArrived(node, found.parcel())));
  }

  void arrived(NodeEntity.FlowsArrived arrived) {
    slot.say(new AgentOffer.TakeFlows(arrived.sender(), arrived.parcel()));
  }

  void installed(NodeEntity.FlowsInstalled installed) {
    entities.eip(installed.address()).tell(new EipEntity.FlowsHanded(node));
  }
}
