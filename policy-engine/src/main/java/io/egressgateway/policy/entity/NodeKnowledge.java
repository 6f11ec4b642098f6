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
  private final TreeMap<PolicyKey, NodeEntity.PolicyBound> policies = new TreeMap<>();
  private final TreeMap<IpAddress, EipRoute> routes = new TreeMap<>();
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
    policies.keySet().retainAll(neededPolicies());
    routes.keySet().retainAll(neededEips());
  }

  void forget() {
    inventory = Optional.empty();
    endpoints = Optional.empty();
    policies.clear();
    routes.clear();
    waiting = Waiting.FOR_ALL;
  }

  boolean hasSpec() {
    return inventory.isPresent() && endpoints.isPresent();
  }

  /** The policies that some pod refers to. */
  SortedSet<PolicyKey> neededPolicies() {
    TreeSet<PolicyKey> needed = new TreeSet<>();
    endpoints.ifPresent(pods -> pods.values().forEach(needed::addAll));
    return needed;
  }

  /** The egress IPs that some policy refers to. */
  SortedSet<IpAddress> neededEips() {
    TreeSet<IpAddress> needed = new TreeSet<>();
    policies
        .values()
        .forEach(bound -> bound.binding().ifPresent(binding -> needed.addAll(binding.eips())));
    return needed;
  }

  Optional<NodeEntity.PolicyBound> answer(PolicyKey policy) {
    return Optional.ofNullable(policies.get(policy));
  }

  Optional<EipRoute> answer(IpAddress address) {
    return Optional.ofNullable(routes.get(address));
  }

  /** Takes an answer; whether it changed anything. What nobody refers to is not kept. */
  boolean learn(NodeEntity.PolicyBound bound) {
    if (!neededPolicies().contains(bound.policy())
        || bound.equals(policies.put(bound.policy(), bound))) {
      return false;
    }
    routes.keySet().retainAll(neededEips());
    return true;
  }

  /** Takes an answer; whether it changed anything. What nobody refers to is not kept. */
  boolean learn(NodeEntity.EipRouted routed) {
    return neededEips().contains(routed.address())
        && !routed.route().equals(routes.put(routed.address(), routed.route()));
  }

  /** The policies that some pod refers to and that have not answered. */
  SortedSet<PolicyKey> unansweredPolicies() {
    TreeSet<PolicyKey> unanswered = new TreeSet<>(neededPolicies());
    unanswered.removeAll(policies.keySet());
    return unanswered;
  }

  /** The egress IPs that some policy refers to and that have not answered. */
  SortedSet<IpAddress> unansweredEips() {
    TreeSet<IpAddress> unanswered = new TreeSet<>(neededEips());
    unanswered.removeAll(routes.keySet());
    return unanswered;
  }

  boolean isComplete() {
    return hasSpec() && unansweredPolicies().isEmpty() && unansweredEips().isEmpty();
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
    policies.forEach(
        (policy, bound) -> bound.binding().ifPresent(binding -> bindings.put(policy, binding)));
    return inventory.map(
        seen ->
            new NodePlanner.Input(
                new NodePlanner.Place(node, registered.tunnel(), seen),
                endpoints.orElseGet(TreeMap::new),
                new NodePlanner.Answers(bindings, routes, unanswered()),
                held));
  }

  private NodePlanner.Unanswered unanswered() {
    return isImpatient()
        ? new NodePlanner.Unanswered(unansweredPolicies(), unansweredEips())
        : NodePlanner.Unanswered.nothing();
  }
}
