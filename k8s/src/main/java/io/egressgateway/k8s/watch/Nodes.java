package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.translate.NodeFacts.Availability;
import io.egressgateway.k8s.watch.ClusterWatcherSettings.Cordon;
import io.egressgateway.policy.entity.StatusReport.Phase;
import io.egressgateway.policy.plan.Eligibility;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The nodes of the API, their numbers, and how far their tunnels are. Not thread-safe. */
final class Nodes {

  /** Whether a node has a number. */
  private sealed interface Numbering {
    record Known(NodeNumber number) implements Numbering {}

    /** Every number belongs to some other node. */
    record Exhausted() implements Numbering {}
  }

  private final Cordon cordon;
  private final TreeMap<NodeName, NodeFacts> facts = new TreeMap<>();
  private final TreeMap<NodeName, Numbering> numberings = new TreeMap<>();
  private final TreeMap<NodeName, Phase> phases = new TreeMap<>();
  private final TreeSet<NodeName> tunnels = new TreeSet<>();

  Nodes(Cordon cordon) {
    this.cordon = cordon;
  }

  /** Takes up the node; whether that is news. */
  boolean put(NodeFacts node) {
    return !node.equals(facts.put(node.id().name(), node));
  }

  void remove(NodeName node) {
    facts.remove(node);
    phases.remove(node);
  }

  boolean contains(NodeName node) {
    return facts.containsKey(node);
  }

  Optional<NodeFacts> find(NodeName node) {
    return Optional.ofNullable(facts.get(node));
  }

  Collection<NodeFacts> all() {
    return Collections.unmodifiableCollection(facts.values());
  }

  SortedSet<NodeName> notReady() {
    return facts.values().stream()
        .filter(node -> node.availability() == Availability.NOT_READY)
        .map(node -> node.id().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  void putTunnel(NodeName node) {
    tunnels.add(node);
  }

  void removeTunnel(NodeName node) {
    tunnels.remove(node);
  }

  /** Nodes that have a tunnel but are no nodes any more. */
  List<NodeName> orphans() {
    return tunnels.stream().filter(tunnel -> !facts.containsKey(tunnel)).toList();
  }

  void putNumber(NodeName node, NodeNumber number) {
    numberings.put(node, new Numbering.Known(number));
  }

  void putExhausted(NodeName node) {
    numberings.put(node, new Numbering.Exhausted());
  }

  void forgetNumber(NodeName node) {
    numberings.remove(node);
  }

  /** Nodes that have no number, whether or not it is known why. */
  List<NodeName> unnumbered() {
    return facts.keySet().stream()
        .filter(node -> !(numberings.get(node) instanceof Numbering.Known))
        .toList();
  }

  /** Whether it is known of every node that could be part of the mesh whether it has a number. */
  boolean areNumbered() {
    return facts.values().stream()
        .filter(node -> node.underlay().isPresent())
        .allMatch(node -> numberings.containsKey(node.id().name()));
  }

  SortedMap<NodeName, NodeNumber> numbers() {
    TreeMap<NodeName, NodeNumber> known = new TreeMap<>();
    numberings.forEach(
        (node, numbering) -> {
          if (numbering instanceof Numbering.Known(NodeNumber number)) {
            known.put(node, number);
          }
        });
    return known;
  }

  /** Takes up how far the node's tunnel is; whether that is news. */
  boolean putPhase(NodeName node, Phase phase) {
    return facts.containsKey(node) && phase != phases.put(node, phase);
  }

  /**
   * The nodes that the selector matches. Nothing as long as it is not known of each whether it has
   * a number: a node without one loses its addresses, so that must not be a guess.
   */
  Optional<SortedMap<NodeName, Eligibility>> members(LabelSelector selector) {
    TreeMap<NodeName, Eligibility> members = new TreeMap<>();
    for (NodeFacts node : facts.values()) {
      if (selector.matches(node.labels())) {
        if (node.underlay().isPresent() && !numberings.containsKey(node.id().name())) {
          return Optional.empty();
        }
        members.put(node.id().name(), eligibility(node));
      }
    }
    return Optional.of(members);
  }

  private Eligibility eligibility(NodeFacts node) {
    NodeName name = node.id().name();
    if (node.underlay().isEmpty() || !(numberings.get(name) instanceof Numbering.Known)) {
      return Eligibility.NO_TUNNEL;
    }
    return switch (node.availability()) {
      case NOT_READY -> Eligibility.NOT_READY;
      case READY -> byPhase(name);
      case DRAINING -> byPhase(name) == Eligibility.ELIGIBLE ? Eligibility.DRAINING : byPhase(name);
      case CORDONED ->
          cordon == Cordon.KEEPS_EGRESS_IPS && byPhase(name) == Eligibility.ELIGIBLE
              ? Eligibility.UNSCHEDULABLE
              : byPhase(name);
    };
  }

  /**
   * A node that has not reported yet is as it was: a watcher that starts moves nothing. Nor is one
   * unfit whose agent is silent: its lease says when it is lost.
   */
  private Eligibility byPhase(NodeName node) {
    return switch (phases.getOrDefault(node, Phase.INIT)) {
      case PENDING, FAILED -> Eligibility.NO_TUNNEL;
      case INIT, READY, HEARTBEAT_TIMEOUT -> Eligibility.ELIGIBLE;
    };
  }
}
