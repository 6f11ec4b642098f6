package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections on their way from a node to the one that its egress IP moves to. Nothing of it is
 * kept: what gets lost is not sent again, and the move goes on without it.
 */
final class NodeFlows {
  private static final Logger LOG = LoggerFactory.getLogger(NodeFlows.class);

  /** Moves from one node at a time; of more the oldest is forgotten. */
  private static final int RECEIVERS_MAX = 10_000;

  private final NodeName node;
  private final AgentSlot slot;
  private final EntityDirectory entities;
  private final NodeReplicas replicas;

  /** Whom this node's agent was asked to send connections. */
  private final Map<IpAddress, NodeName> receivers = new LinkedHashMap<>();

  NodeFlows(NodeName node, AgentSlot slot, EntityDirectory entities) {
    this.node = node;
    this.slot = slot;
    this.entities = entities;
    this.replicas = new NodeReplicas(node, slot, entities);
  }

  /** Another agent is there, or the same on another stream. */
  void attached(Node.State state) {
    replicas.attached(state);
  }

  /** One renewal interval has gone by. */
  void renew(Node.State state) {
    replicas.renew(state);
  }

  void take(NodeEntity.FlowCommand command, Node.State state) {
    switch (command) {
      case NodeEntity.HandOverFlows order -> handOver(order);
      case NodeEntity.FlowsFound found -> found(found);
      case NodeEntity.FlowsArrived arrived -> arrived(arrived);
      case NodeEntity.FlowsInstalled installed -> installed(installed);
      case NodeEntity.ReplicateFlows wish -> replicas.wish(wish, state);
      case NodeEntity.ReplicaFound found -> replicas.found(found);
      case NodeEntity.ReplicaArrived arrived -> replicas.arrived(arrived);
    }
  }

  /** Asks the agent for the connections. */
  private void handOver(NodeEntity.HandOverFlows order) {
    IpAddress address = order.eip().address();
    receivers.remove(address);
    if (receivers.size() >= RECEIVERS_MAX) {
      receivers.remove(receivers.keySet().iterator().next());
    }
    receivers.put(address, order.receiver());
    slot.say(new AgentOffer.WantFlows(order.eip(), order.receiver()));
  }

  /** Passes on what was asked for; an agent cannot send anything to anybody else. */
  private void found(NodeEntity.FlowsFound found) {
    Optional.ofNullable(receivers.get(found.parcel().eip().address()))
        .filter(found.receiver()::equals)
        .ifPresent(
            receiver ->
                entities.node(receiver).tell(new NodeEntity.FlowsArrived(node, found.parcel())));
  }

  private void arrived(NodeEntity.FlowsArrived arrived) {
    slot.say(new AgentOffer.TakeFlows(arrived.sender(), arrived.parcel()));
  }

  private void installed(NodeEntity.FlowsInstalled installed) {
    LOG.info(
        "connections handed over node={} eip={} flows={} refused={}",
        node,
        installed.address(),
        installed.installed(),
        installed.refused());
    entities.eip(installed.address()).tell(new EipEntity.FlowsHanded(node));
  }
}
