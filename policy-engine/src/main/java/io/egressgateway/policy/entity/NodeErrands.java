package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.NodeStanding;
import java.util.Optional;

/** What a node asks of policies and egress IPs, and what it tells them. */
final class NodeErrands {
  private final NodeName node;
  private final EntityDirectory entities;

  NodeErrands(NodeName node, EntityDirectory entities) {
    this.node = node;
    this.entities = entities;
  }

  /** Asks what has not been answered and not been asked yet. */
  void subscribeToUnanswered(NodeKnowledge knowledge) {
    knowledge
        .policiesToAsk()
        .forEach(
            policy ->
                entities.policy(policy).tell(new PolicyEntity.Subscribe(node, Optional.empty())));
    knowledge
        .eipsToAsk()
        .forEach(
            address -> entities.eip(address).tell(new EipEntity.Subscribe(node, Optional.empty())));
  }

  void renew(NodeKnowledge knowledge) {
    knowledge
        .neededPolicies()
        .forEach(
            policy ->
                entities
                    .policy(policy)
                    .tell(new PolicyEntity.Subscribe(node, knowledge.answer(policy))));
    knowledge
        .neededEips()
        .forEach(
            address ->
                entities
                    .eip(address)
                    .tell(new EipEntity.Subscribe(node, knowledge.answer(address))));
  }

  void prepared(IpAddress address) {
    entities.eip(address).tell(new EipEntity.EipPrepared(node));
  }

  void opened(IpAddress address, NodeSession session, Epoch epoch) {
    entities.eip(address).tell(new EipEntity.GrantOpened(session, epoch));
  }

  void sessionOver(IpAddress address, OwnershipProof proof) {
    entities.eip(address).tell(new EipEntity.SessionOver(proof));
  }

  void stood(GatewayName gateway, NodeStanding standing) {
    entities.gateway(gateway).tell(new GatewayEntity.NodeStood(node, standing));
  }

  void conflict(GatewayName gateway, IpAddress address, MacAddress mac) {
    entities.gateway(gateway).tell(new GatewayEntity.ConflictSeen(address, node, mac));
  }
}
