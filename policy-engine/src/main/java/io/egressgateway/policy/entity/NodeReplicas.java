package io.egressgateway.policy.entity;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Connections that another node is told of all the time: whom this node's agent is to tell of
 * which, and what agents tell. Nothing of it is kept, and what gets lost is not sent again by
 * controllers.
 */
final class NodeReplicas {
  /** Renewals that a gateway may miss before its wish is forgotten. */
  private static final int RENEWALS_MAX = 2;

  /**
   * @param standbys the node that is told of each address's connections
   * @param missed renewals since the gateway last said so
   */
  private record Wish(SortedMap<IpAddress, NodeName> standbys, int missed) {}

  private final NodeName node;
  private final AgentSlot slot;
  private final EntityDirectory entities;
  private final TreeMap<GatewayName, Wish> wishes = new TreeMap<>();
  private Set<AgentOffer.Replicated> said = Set.of();

  NodeReplicas(NodeName node, AgentSlot slot, EntityDirectory entities) {
    this.node = node;
    this.slot = slot;
    this.entities = entities;
  }

  /** A gateway says what it wants of this node. */
  void wish(NodeEntity.ReplicateFlows wish, Node.State state) {
    if (wish.standbys().isEmpty()) {
      wishes.remove(wish.gateway());
    } else {
      wishes.put(wish.gateway(), new Wish(wish.standbys(), 0));
    }
    sayNews(state);
  }

  /** One renewal interval has gone by. */
  void renew(Node.State state) {
    wishes.replaceAll((gateway, wish) -> new Wish(wish.standbys(), wish.missed() + 1));
    wishes.values().removeIf(wish -> wish.missed() > RENEWALS_MAX);
    sayNews(state);
  }

  /** Another agent is there, or the same on another stream; it knows nothing yet. */
  void attached(Node.State state) {
    said = Set.of();
    sayNews(state);
  }

  private void sayNews(Node.State state) {
    Set<AgentOffer.Replicated> wanted = wanted(state);
    if (slot.isAttached() && !wanted.equals(said)) {
      said = wanted;
      slot.say(new AgentOffer.Replicate(List.copyOf(wanted)));
    }
  }

  /** What is wanted of what the node may hold. */
  private Set<AgentOffer.Replicated> wanted(Node.State state) {
    Set<AgentOffer.Replicated> wanted = new LinkedHashSet<>();
    wishes
        .values()
        .forEach(
            wish ->
                wish.standbys()
                    .forEach(
                        (address, standby) ->
                            Optional.ofNullable(state.held().get(address))
                                .ifPresent(
                                    grant ->
                                        wanted.add(
                                            new AgentOffer.Replicated(
                                                new FlowParcel.Eip(address, grant.number()),
                                                standby)))));
    return wanted;
  }

  /** Passes on what was asked for; an agent cannot send anything to anybody else. */
  void found(NodeEntity.ReplicaFound found) {
    AgentOffer.Replicated asked = new AgentOffer.Replicated(found.part().eip(), found.receiver());
    if (said.contains(asked)) {
      entities.node(found.receiver()).tell(new NodeEntity.ReplicaArrived(node, found.part()));
    }
  }

  void arrived(NodeEntity.ReplicaArrived arrived) {
    slot.say(new AgentOffer.TakeReplica(arrived.sender(), arrived.part()));
  }
}
