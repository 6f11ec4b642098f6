package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.translate.PodFacts;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the policies that select a pod without asking them all: each is filed under its namespace,
 * or the cluster, and there under one label that it requires or under its blocks of addresses. What
 * requires no particular label is asked for every pod that it could reach. Not thread-safe.
 */
final class PolicyIndex {

  /** The policies that reach the same namespaces. */
  private static final class Scope {
    private final Map<LabelSlot, Set<PolicyKey>> byLabel = new HashMap<>();
    private final SubnetTable<PolicyKey> byAddress = new SubnetTable<>();

    void put(PolicyKey key, Selection selection) {
      switch (selection) {
        case Selection.Pods pods ->
            LabelSlot.of(pods.podSelector())
                .forEach(slot -> byLabel.computeIfAbsent(slot, s -> new HashSet<>()).add(key));
        case Selection.Subnets subnets -> byAddress.put(subnets.cidrs().cidrs(), key);
      }
    }

    void remove(PolicyKey key, Selection selection) {
      switch (selection) {
        case Selection.Pods pods ->
            LabelSlot.of(pods.podSelector())
                .forEach(
                    slot -> {
                      Set<PolicyKey> filed = byLabel.getOrDefault(slot, new HashSet<>());
                      if (filed.remove(key) && filed.isEmpty()) {
                        byLabel.remove(slot);
                      }
                    });
        case Selection.Subnets subnets -> byAddress.remove(subnets.cidrs().cidrs(), key);
      }
    }

    boolean isEmpty() {
      return byLabel.isEmpty() && byAddress.isEmpty();
    }

    Stream<PolicyKey> candidates(PodFacts pod) {
      Stream<LabelSlot> slots = Stream.concat(Stream.of(LabelSlot.ANY), LabelSlot.of(pod.labels()));
      return Stream.concat(
          slots.flatMap(slot -> byLabel.getOrDefault(slot, Set.of()).stream()),
          pod.addresses().stream().flatMap(byAddress::containing));
    }
  }

  /** By namespace; cluster policies under none. */
  private final Map<Optional<String>, Scope> scopes = new HashMap<>();

  private final Map<PolicyKey, Selection> selections = new HashMap<>();
  private final Map<String, Labels> namespaces = new HashMap<>();
  private final Set<PolicyKey> byNamespaceLabel = new HashSet<>();

  /** Takes up the labels of the namespace; whether that may be news for its pods. */
  boolean putNamespace(String name, Labels labels) {
    return !labels.equals(namespaces.put(name, labels)) && !byNamespaceLabel.isEmpty();
  }

  /** Forgets the namespace; whether that may be news for its pods. */
  boolean removeNamespace(String name) {
    return namespaces.remove(name) != null && !byNamespaceLabel.isEmpty();
  }

  /** Files the policy, under its new selection if it was there. */
  void put(PolicyKey key, Selection selection) {
    remove(key);
    selections.put(key, selection);
    if (selection.namespaceSelector().isPresent()) {
      byNamespaceLabel.add(key);
    }
    scopes.computeIfAbsent(scopeOf(key), unused -> new Scope()).put(key, selection);
  }

  /** Forgets the policy if it is there. */
  void remove(PolicyKey key) {
    Selection selection = selections.remove(key);
    Scope scope = scopes.get(scopeOf(key));
    if (selection == null || scope == null) {
      return;
    }
    byNamespaceLabel.remove(key);
    scope.remove(key, selection);
    if (scope.isEmpty()) {
      scopes.remove(scopeOf(key));
    }
  }

  private static Optional<String> scopeOf(PolicyKey key) {
    return switch (key) {
      case PolicyKey.Namespaced namespaced -> Optional.of(namespaced.namespace());
      case PolicyKey.ClusterScoped ignored -> Optional.empty();
    };
  }

  /** The addresses of the pod that some policy selects, and which policies do. */
  SortedMap<IpAddress, SortedSet<PolicyKey>> matching(PodFacts pod) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> matching = new TreeMap<>();
    for (PolicyKey key : candidates(pod)) {
      for (IpAddress address : selected(key, pod)) {
        matching.computeIfAbsent(address, unused -> new TreeSet<>()).add(key);
      }
    }
    return matching;
  }

  /** The addresses of the pod that this policy selects. */
  SortedSet<IpAddress> selected(PolicyKey key, PodFacts pod) {
    Selection selection = selections.get(key);
    if (selection == null || !reaches(key, selection, pod.id().namespace())) {
      return Collections.emptySortedSet();
    }
    return pod.selectedBy(selection);
  }

  /** A namespace whose labels are not known is reached by no policy that asks for labels. */
  private boolean reaches(PolicyKey key, Selection selection, String namespace) {
    boolean inScope = scopeOf(key).map(namespace::equals).orElse(true);
    return inScope
        && selection
            .namespaceSelector()
            .map(
                selector ->
                    namespaces.containsKey(namespace)
                        && selector.matches(namespaces.getOrDefault(namespace, Labels.empty())))
            .orElse(true);
  }

  /** How many policies have to be asked about the pod. */
  int candidateCount(PodFacts pod) {
    return candidates(pod).size();
  }

  private Collection<PolicyKey> candidates(PodFacts pod) {
    return Stream.of(Optional.of(pod.id().namespace()), Optional.<String>empty())
        .flatMap(name -> Stream.ofNullable(scopes.get(name)))
        .flatMap(scope -> scope.candidates(pod))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * One of these each pod has that the policy selects by labels; empty if nothing is known of it.
   */
  Optional<Set<LabelSlot>> required(PolicyKey key) {
    return Optional.ofNullable(selections.get(key))
        .flatMap(
            selection ->
                switch (selection) {
                  case Selection.Pods pods -> Optional.of(LabelSlot.of(pods.podSelector()));
                  case Selection.Subnets ignored -> Optional.empty();
                })
        .filter(slots -> !slots.contains(LabelSlot.ANY));
  }
}
