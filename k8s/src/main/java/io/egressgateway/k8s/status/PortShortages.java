package io.egressgateway.k8s.status;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.entity.AgentFacts;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.NodeFindings;
import io.egressgateway.policy.entity.StatusReport;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The egress IPs that have no port left, as the agents of the nodes say that hold them. Nodes know
 * neither policies nor gateways, so it is laid over what those report. Not thread-safe.
 */
final class PortShortages {
  private final TreeMap<NodeName, SortedSet<IpAddress>> byNode = new TreeMap<>();

  /** Takes in what a node says; returns the egress IPs of which something else is said now. */
  SortedSet<IpAddress> told(StatusReport.NodeReport node) {
    return put(node.node(), exhausted(node));
  }

  /** A node is gone; returns the egress IPs of which something else is said now. */
  SortedSet<IpAddress> gone(NodeName node) {
    return put(node, Collections.emptySortedSet());
  }

  private SortedSet<IpAddress> put(NodeName node, SortedSet<IpAddress> now) {
    SortedSet<IpAddress> before =
        Optional.ofNullable(now.isEmpty() ? byNode.remove(node) : byNode.put(node, now))
            .orElseGet(Collections::emptySortedSet);
    TreeSet<IpAddress> changed = new TreeSet<>(now);
    changed.addAll(before);
    changed.removeIf(address -> now.contains(address) && before.contains(address));
    return changed;
  }

  /** What a silent agent said last is not known to be so still. */
  private static SortedSet<IpAddress> exhausted(StatusReport.NodeReport node) {
    if (node.phase() == StatusReport.Phase.HEARTBEAT_TIMEOUT) {
      return Collections.emptySortedSet();
    }
    return node
        .facts()
        .map(AgentFacts::findings)
        .map(NodeFindings::shortages)
        .orElseGet(Collections::emptySortedSet)
        .stream()
        .map(PortShortage::eip)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What an object's conditions are with it. An egress IP that has moved since has other ports.
   *
   * @param holdings of the object's egress IPs; found only if some egress IP is exhausted
   */
  SortedSet<Condition> over(
      SortedSet<Condition> conditions, Supplier<SortedMap<IpAddress, Holding>> holdings) {
    if (byNode.isEmpty()) {
      return conditions;
    }
    TreeMap<IpAddress, NodeName> exhausted = new TreeMap<>();
    holdings
        .get()
        .forEach(
            (address, holding) ->
                holding
                    .holder()
                    .filter(node -> isExhausted(address, node))
                    .ifPresent(node -> exhausted.put(address, node)));
    if (exhausted.isEmpty()) {
      return conditions;
    }
    TreeSet<Condition> all = new TreeSet<>(conditions);
    all.add(NodeFindings.portShortage(exhausted));
    return all;
  }

  private boolean isExhausted(IpAddress address, NodeName node) {
    return Optional.ofNullable(byNode.get(node)).filter(of -> of.contains(address)).isPresent();
  }

  /** For tests of what is forgotten. */
  int size() {
    return byNode.size();
  }
}
