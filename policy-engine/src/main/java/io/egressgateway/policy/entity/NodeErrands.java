package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a node asks of policies and egress IPs, and what it tells them. */
final class NodeErrands {
  private final NodeName node;
  private final EntityDirectory entities;
  private final Set<PolicyKey> askedPolicies = new HashSet<>();
  private final Set<IpAddress> askedEips = new HashSet<>();

  NodeErrands(NodeName node, EntityDirectory entities) {
    this.node = node;
    this.entities = entities;
  }

  /** Asks what has not been answered and not been asked yet. */
  void subscribeToUnanswered(NodeKnowledge knowledge) {
    // What was answered, or was not needed for a while, is asked again at once when it is missing.
    askedPolicies.retainAll(knowledge.unansweredPolicies());
    askedEips.retainAll(knowledge.unansweredEips());
    knowledge.unansweredPolicies().stream()
        .filter(askedPolicies::add)
        .forEach(
            policy ->
                entities.policy(policy).tell(new PolicyEntity.Subscribe(node, Optional.empty())));
    knowledge.unansweredEips().stream()
        .filter(askedEips::add)
        .forEach(
            address -> entities.eip(address).tell(new EipEntity.Subscribe(node, Optional.empty())));
  }

  /** Questions get lost: from now on they may be asked again. */
  void forgetAsked() {
    askedPolicies.clear();
    askedEips.clear();
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

  void confirm(HeldEips.Confirmation confirmation) {
    switch (confirmation) {
      case HeldEips.Confirmation.Programmed programmed ->
          entities
              .eip(programmed.address())
              .tell(new EipEntity.GrantProgrammed(node, programmed.epoch()));
      case HeldEips.Confirmation.Withdrawn withdrawn ->
          acknowledge(withdrawn.address(), withdrawn.epoch(), withdrawn.proof());
    }
  }

  void acknowledge(IpAddress address, Epoch epoch, OwnershipProof proof) {
    entities.eip(address).tell(new EipEntity.WithdrawAcknowledged(node, epoch, proof));
  }
}
