package io.egressgateway.k8s.watch;

import io.egressgateway.core.collection.CompactSet;
import io.egressgateway.core.collection.SharedValues;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.k8s.status.SliceEndpoint;
import io.egressgateway.k8s.translate.PodFacts;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which policies select which pods, kept up to date change by change. A change of a pod costs time
 * in the policies that could match it; a change of a policy, in the pods that it could reach. Pods
 * are told apart by uid, so that an address that goes from one pod to the next is never the old
 * one's. Not thread-safe.
 */
final class PodIndex {

  /** A pod, and the policies that select each of its addresses. */
  private record Selected(PodFacts pod, Map<IpAddress, SortedSet<PolicyKey>> matching) {
    Selected {
      matching = Map.copyOf(matching);
    }

    SortedSet<PolicyKey> policies() {
      return matching.values().stream()
          .flatMap(SortedSet::stream)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    SortedSet<IpAddress> addressesOf(PolicyKey policy) {
      if (matching.size() == pod.addresses().size()
          && matching.values().stream().allMatch(policies -> policies.contains(policy))) {
        return pod.addresses();
      }
      return matching.entrySet().stream()
          .filter(entry -> entry.getValue().contains(policy))
          .map(Map.Entry::getKey)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What it would be if the policy selected these addresses. */
    Map<IpAddress, SortedSet<PolicyKey>> with(PolicyKey policy, SortedSet<IpAddress> addresses) {
      TreeMap<IpAddress, SortedSet<PolicyKey>> changed = new TreeMap<>();
      for (IpAddress address : pod.addresses()) {
        TreeSet<PolicyKey> policies =
            new TreeSet<>(matching.getOrDefault(address, Collections.emptySortedSet()));
        if (addresses.contains(address)) {
          policies.add(policy);
        } else {
          policies.remove(policy);
        }
        if (!policies.isEmpty()) {
          changed.put(address, policies);
        }
      }
      return changed;
    }
  }

  /** What pods have in common, kept once: the API tells each pod's in texts of its own. */
  private static final class Shared {
    private final SharedValues<String> namespaces = new SharedValues<>();
    private final SharedValues<NodeName> nodes = new SharedValues<>();
    private final SharedValues<Labels> labels = new SharedValues<>();
    private final SharedValues<SortedSet<PolicyKey>> policies = new SharedValues<>();

    Selected of(PodFacts pod, Map<IpAddress, SortedSet<PolicyKey>> matching) {
      Map<IpAddress, SortedSet<PolicyKey>> sharing = new HashMap<>();
      matching.forEach(
          (address, selecting) ->
              sharing.put(address, policies.shared(CompactSet.copyOf(selecting))));
      return new Selected(of(pod), sharing);
    }

    private PodFacts of(PodFacts pod) {
      PodFacts.Id id = pod.id();
      return new PodFacts(
          new PodFacts.Id(id.uid(), namespaces.shared(id.namespace()), id.name(), id.created()),
          labels.shared(pod.labels()),
          nodes.shared(pod.node()),
          pod.addresses());
    }
  }

  private static final Comparator<PodFacts> BY_AGE =
      Comparator.comparing((PodFacts pod) -> pod.id().created())
          .thenComparing(pod -> pod.id().uid());

  private final PolicyIndex policies = new PolicyIndex();
  private final Map<String, Selected> byUid = new HashMap<>();
  private final Map<String, Map<String, Selected>> byNamespace = new HashMap<>();
  private final Map<LabelSlot, Map<String, Selected>> byLabel = new HashMap<>();
  private final Map<NodeName, Map<String, Selected>> selectedByNode = new HashMap<>();
  private final Map<PolicyKey, Map<String, Selected>> byPolicy = new HashMap<>();

  /** An address has one pod nearly always. */
  private final Map<IpAddress, List<Selected>> byAddress = new HashMap<>();

  private final Shared shared = new Shared();

  /** Takes up the pod as it is now. */
  Touched put(PodFacts pod) {
    Selected next = shared.of(pod, policies.matching(pod));
    Selected previous = byUid.get(pod.id().uid());
    if (next.equals(previous)) {
      return Touched.nothing();
    }
    return remove(pod.id().uid()).plus(insert(next));
  }

  /** Forgets the pod if it is there. */
  Touched remove(String uid) {
    Selected previous = byUid.remove(uid);
    if (previous == null) {
      return Touched.nothing();
    }
    removeFrom(byNamespace, previous.pod().id().namespace(), uid);
    LabelSlot.of(previous.pod().labels()).forEach(slot -> removeFrom(byLabel, slot, uid));
    removeFrom(selectedByNode, previous.pod().node(), uid);
    previous.policies().forEach(policy -> removeFrom(byPolicy, policy, uid));
    Touched touched = touchedBy(previous);
    previous.pod().addresses().forEach(address -> removeFrom(address, uid));
    return touched;
  }

  private Touched insert(Selected next) {
    String uid = next.pod().id().uid();
    byUid.put(uid, next);
    putInto(byNamespace, next.pod().id().namespace(), next);
    LabelSlot.of(next.pod().labels()).forEach(slot -> putInto(byLabel, slot, next));
    if (!next.matching().isEmpty()) {
      putInto(selectedByNode, next.pod().node(), next);
    }
    next.policies().forEach(policy -> putInto(byPolicy, policy, next));
    next.pod()
        .addresses()
        .forEach(address -> byAddress.merge(address, List.of(next), PodIndex::joined));
    return touchedBy(next);
  }

  /** To be asked while the pod is indexed by its addresses. */
  private Touched touchedBy(Selected selected) {
    Touched touched = Touched.nothing();
    touched.policies().addAll(selected.policies());
    // A pod that nobody selects matters to its node if it has, or had, the address of another.
    boolean sharesAddress =
        selected.pod().addresses().stream()
            .anyMatch(address -> byAddress.getOrDefault(address, List.of()).size() > 1);
    if (sharesAddress || !selected.matching().isEmpty()) {
      touched.nodes().add(selected.pod().node());
    }
    return touched;
  }

  /** From now on the namespace has these labels. */
  Touched putNamespace(String name, Labels labels) {
    return policies.putNamespace(name, labels) ? rematch(name) : Touched.nothing();
  }

  /** The namespace is gone; what is left of its pods is selected by no label of it. */
  Touched removeNamespace(String name) {
    return policies.removeNamespace(name) ? rematch(name) : Touched.nothing();
  }

  private Touched rematch(String namespace) {
    Touched touched = Touched.nothing();
    podsOf(namespace).forEach(selected -> touched.addAll(put(selected.pod())));
    return touched;
  }

  /** From now on the policy selects this. */
  Touched put(PolicyKey key, Selection selection) {
    policies.put(key, selection);
    return reselect(key, candidates(key));
  }

  /** From now on the policy selects nothing. */
  Touched remove(PolicyKey key) {
    policies.remove(key);
    return reselect(key, List.of());
  }

  private Touched reselect(PolicyKey key, List<Map<String, Selected>> candidates) {
    Map<String, Selected> reachable = new HashMap<>(byPolicy.getOrDefault(key, Map.of()));
    candidates.forEach(reachable::putAll);
    Touched touched = Touched.nothing();
    for (Selected selected : reachable.values()) {
      SortedSet<IpAddress> addresses = policies.selected(key, selected.pod());
      if (!addresses.equals(selected.addressesOf(key))) {
        touched.nodes().addAll(remove(selected.pod().id().uid()).nodes());
        touched
            .nodes()
            .addAll(insert(shared.of(selected.pod(), selected.with(key, addresses))).nodes());
        touched.policies().add(key);
      }
    }
    return touched;
  }

  /** In these are all pods that the policy may select, and as few others as can be had at once. */
  private List<Map<String, Selected>> candidates(PolicyKey key) {
    Map<String, Selected> inScope =
        switch (key) {
          case PolicyKey.Namespaced policy ->
              byNamespace.getOrDefault(policy.namespace(), Map.of());
          case PolicyKey.ClusterScoped ignored -> byUid;
        };
    return policies
        .required(key)
        .map(slots -> slots.stream().map(slot -> byLabel.getOrDefault(slot, Map.of())).toList())
        .filter(labelled -> labelled.stream().mapToInt(Map::size).sum() < inScope.size())
        .orElse(List.of(inScope));
  }

  private List<Selected> podsOf(String namespace) {
    return List.copyOf(byNamespace.getOrDefault(namespace, Map.of()).values());
  }

  /** The addresses of the node's selected pods, and the policies that select each. */
  SortedMap<IpAddress, SortedSet<PolicyKey>> endpointsOn(NodeName node) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> endpoints = new TreeMap<>();
    for (Selected selected : selectedByNode.getOrDefault(node, Map.of()).values()) {
      selected
          .matching()
          .forEach(
              (address, selecting) -> {
                if (isLatest(selected.pod(), address)) {
                  endpoints.put(address, selecting);
                }
              });
    }
    return Collections.unmodifiableSortedMap(endpoints);
  }

  /** Of pods of one node that claim one address, only the last has it: the others are going. */
  private boolean isLatest(PodFacts pod, IpAddress address) {
    return byAddress.getOrDefault(address, List.of()).stream()
        .map(Selected::pod)
        .filter(other -> other.node().equals(pod.node()))
        .allMatch(other -> BY_AGE.compare(other, pod) <= 0);
  }

  /** How many pods the policy selects. */
  int count(PolicyKey policy) {
    return byPolicy.getOrDefault(policy, Map.of()).size();
  }

  /** The pods that the policy selects, with the addresses that it selects, sorted. */
  List<SliceEndpoint> endpointsOf(PolicyKey policy) {
    return byPolicy.getOrDefault(policy, Map.of()).values().stream()
        .map(
            selected ->
                new SliceEndpoint(
                    selected.pod().id().namespace(),
                    selected.pod().id().name(),
                    selected.pod().node(),
                    selected.addressesOf(policy)))
        .sorted()
        .toList();
  }

  private static List<Selected> joined(List<Selected> some, List<Selected> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static <K> void putInto(Map<K, Map<String, Selected>> index, K key, Selected selected) {
    index.computeIfAbsent(key, unused -> new HashMap<>()).put(selected.pod().id().uid(), selected);
  }

  private void removeFrom(IpAddress address, String uid) {
    byAddress.computeIfPresent(
        address,
        (key, pods) -> {
          List<Selected> others =
              pods.stream().filter(other -> !other.pod().id().uid().equals(uid)).toList();
          return others.isEmpty() ? null : others;
        });
  }

  private static <K> void removeFrom(Map<K, Map<String, Selected>> index, K key, String uid) {
    Optional.ofNullable(index.get(key))
        .ifPresent(
            pods -> {
              pods.remove(uid);
              if (pods.isEmpty()) {
                index.remove(key);
              }
            });
  }
}
