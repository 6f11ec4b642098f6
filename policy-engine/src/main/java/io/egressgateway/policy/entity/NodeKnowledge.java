package io.egressgateway.policy.entity;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Node;
import io.egressgateway.policy.plan.Binding;
import io.egressgateway.policy.plan.EipRoute;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.NodePlanner;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a node has been told since it started. A plan made of less than all would take working rules
 * out of a kernel, so none is made until everything that is referred to has been answered.
 */
final class NodeKnowledge {
  private enum Waiting {
    /** Nothing has been planned yet: a plan made of less than all may take rules away. */
    FOR_ALL,
    /** What is new is left out until it is answered. */
    NO_MORE,
    /** What is not answered by now is treated as if its egress IP were nowhere. */
    IN_VAIN
  }

  private final NodeName node;
  private Optional<NodeInventory> inventory = Optional.empty();
  private Optional<SortedMap<IpAddress, SortedSet<PolicyKey>>> endpoints = Optional.empty();
  // The policies that some pod refers to, and the egress IPs that some policy refers to.
  private Questions<PolicyKey, NodeEntity.PolicyBound> policies = new Questions<>();
  private Questions<IpAddress, EipRoute> routes = new Questions<>();
  private Waiting waiting = Waiting.FOR_ALL;

  NodeKnowledge(NodeName node) {
    this.node = node;
  }

  void observe(NodeInventory seen) {
    inventory = Optional.of(seen);
  }

  Optional<NodeInventory> inventory() {
    return inventory;
  }

  void endpoints(SortedMap<IpAddress, SortedSet<PolicyKey>> policiesByPod) {
    endpoints = Optional.of(policiesByPod);
    TreeSet<PolicyKey> needed = new TreeSet<>();
    policiesByPod.values().forEach(needed::addAll);
    for (PolicyKey former : policies.needed()) {
      if (!needed.contains(former)) {
        policies.answer(former).ifPresent(bound -> eips(bound).forEach(routes::release));
        policies.release(former);
      }
    }
    needed.stream().filter(policy -> !policies.isNeeded(policy)).forEach(policies::need);
  }

  private static SortedSet<IpAddress> eips(NodeEntity.PolicyBound bound) {
    return bound.binding().map(Binding::eips).orElseGet(Collections::emptySortedSet);
  }

  void forget() {
    inventory = Optional.empty();
    endpoints = Optional.empty();
    policies = new Questions<>();
    routes = new Questions<>();
    waiting = Waiting.FOR_ALL;
  }

  boolean hasSpec() {
    return inventory.isPresent() && endpoints.isPresent();
  }

  /** The policies that some pod refers to. */
  SortedSet<PolicyKey> neededPolicies() {
    return policies.needed();
  }

  /** The egress IPs that some policy refers to. */
  SortedSet<IpAddress> neededEips() {
    return routes.needed();
  }

  Optional<NodeEntity.PolicyBound> answer(PolicyKey policy) {
    return policies.answer(policy);
  }

  Optional<EipRoute> answer(IpAddress address) {
    return routes.answer(address);
  }

  /** Takes an answer; whether it changed anything. What nobody refers to is not kept. */
  boolean learn(NodeEntity.PolicyBound bound) {
    if (!policies.isNeeded(bound.policy())) {
      return false;
    }
    Optional<NodeEntity.PolicyBound> former = policies.answer(bound.policy(), bound);
    if (former.equals(Optional.of(bound))) {
      return false;
    }
    // In this order: what both refer to stays known.
    eips(bound).forEach(routes::need);
    former.ifPresent(old -> eips(old).forEach(routes::release));
    return true;
  }

  /** Takes an answer; whether it changed anything. What nobody refers to is not kept. */
  boolean learn(NodeEntity.EipRouted routed) {
    return routes.isNeeded(routed.address())
        && !routes.answer(routed.address(), routed.route()).equals(Optional.of(routed.route()));
  }

  /** The policies that some pod refers to and that have not answered. */
  SortedSet<PolicyKey> unansweredPolicies() {
    return policies.unanswered();
  }

  /** The egress IPs that some policy refers to and that have not answered. */
  SortedSet<IpAddress> unansweredEips() {
    return routes.unanswered();
  }

  /** The policies to be asked, which have not been yet. */
  SortedSet<PolicyKey> policiesToAsk() {
    return policies.toAsk();
  }

  /** The egress IPs to be asked, which have not been yet. */
  SortedSet<IpAddress> eipsToAsk() {
    return routes.toAsk();
  }

  /** Questions get lost: who has not answered may be asked again. */
  void askAgain() {
    policies.askAgain();
    routes.askAgain();
  }

  boolean isComplete() {
    return hasSpec() && policies.isAnswered() && routes.isAnswered();
  }

  /** A plan has been made: what comes new from now on need not be waited for. */
  void planned() {
    if (!isImpatient()) {
      waiting = Waiting.NO_MORE;
    }
  }

  /** What is still missing has been waited for long enough. */
  void losePatience() {
    waiting = Waiting.IN_VAIN;
  }

  /** Whether something was waited for in vain. */
  boolean isImpatient() {
    return waiting == Waiting.IN_VAIN && !isComplete();
  }

  /** What to plan from; nothing while something that working rules may depend on is missing. */
  Optional<NodePlanner.Input> input(Node.State state, SortedMap<EipNumber, IpAddress> held) {
    if (!(state.membership() instanceof Node.Membership.Registered registered)
        || !hasSpec()
        || (waiting == Waiting.FOR_ALL && !isComplete())) {
      return Optional.empty();
    }
    TreeMap<PolicyKey, Binding> bindings = new TreeMap<>();
    policies
        .answers()
        .forEach(
            (policy, bound) -> bound.binding().ifPresent(binding -> bindings.put(policy, binding)));
    return inventory.map(
        seen ->
            new NodePlanner.Input(
                new NodePlanner.Place(node, registered.tunnel(), seen),
                endpoints.orElseGet(TreeMap::new),
                new NodePlanner.Answers(bindings, routes.answers(), unanswered()),
                held));
  }

  private NodePlanner.Unanswered unanswered() {
    return isImpatient()
        ? new NodePlanner.Unanswered(unansweredPolicies(), unansweredEips())
        : NodePlanner.Unanswered.nothing();
  }
}
