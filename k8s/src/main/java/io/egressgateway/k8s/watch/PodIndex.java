package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
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

/**
 * Which policies select which pods, kept up to date change by change. A change of a pod costs time
 * in the policies that could match it; a change of a policy, in the pods of its namespace. Pods are
 * told apart by uid, so that an address that goes from one pod to the next is never the old one's.
 * Not thread-safe.
 */
final class PodIndex {

  /** A pod, and the policies that select it. */
  private record Selected(PodFacts pod, SortedSet<PolicyKey> policies) {}

  private static final Comparator<PodFacts> BY_AGE =
      Comparator.comparing((PodFacts pod) -> pod.id().created())
          .thenComparing(pod -> pod.id().uid());

  private final PolicyIndex policies = new PolicyIndex();
  private final Map<String, Selected> byUid = new HashMap<>();
  private final Map<String, Map<String, Selected>> byNamespace = new HashMap<>();
  private final Map<NodeName, Map<String, Selected>> selectedByNode = new HashMap<>();
  private final Map<PolicyKey, Map<String, Selected>> byPolicy = new HashMap<>();
  private final Map<IpAddress, Map<String, Selected>> byAddress = new HashMap<>();

  /** Takes up the pod as it is now. */
  Touched put(PodFacts pod) {
    SortedSet<PolicyKey> matching = policies.matching(pod.id().namespace(), pod.labels());
    Selected next = new Selected(pod, matching);
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
    removeFrom(selectedByNode, previous.pod().node(), uid);
    previous.policies().forEach(policy -> removeFrom(byPolicy, policy, uid));
    Touched touched = touchedBy(previous);
    previous.pod().addresses().forEach(address -> removeFrom(byAddress, address, uid));
    return touched;
  }

  private Touched insert(Selected next) {
    String uid = next.pod().id().uid();
    byUid.put(uid, next);
    putInto(byNamespace, next.pod().id().namespace(), next);
    if (!next.policies().isEmpty()) {
      putInto(selectedByNode, next.pod().node(), next);
    }
    next.policies().forEach(policy -> putInto(byPolicy, policy, next));
    next.pod().addresses().forEach(address -> putInto(byAddress, address, next));
    return touchedBy(next);
  }

  /** To be asked while the pod is indexed by its addresses. */
  private Touched touchedBy(Selected selected) {
    Touched touched = Touched.nothing();
    touched.policies().addAll(selected.policies());
    // A pod that nobody selects matters to its node if it has, or had, the address of another.
    boolean sharesAddress =
        selected.pod().addresses().stream()
            .anyMatch(address -> byAddress.getOrDefault(address, Map.of()).size() > 1);
    if (sharesAddress || !selected.policies().isEmpty()) {
      touched.nodes().add(selected.pod().node());
    }
    return touched;
  }

  /** From now on the policy selects this. */
  Touched put(PolicyKey.Namespaced key, LabelSelector selector) {
    policies.put(key, selector);
    return reselect(key);
  }

  /** From now on the policy selects nothing. */
  Touched remove(PolicyKey.Namespaced key) {
    policies.remove(key);
    return reselect(key);
  }

  private Touched reselect(PolicyKey.Namespaced key) {
    Touched touched = Touched.nothing();
    List<Selected> pods = List.copyOf(byNamespace.getOrDefault(key.namespace(), Map.of()).values());
    for (Selected selected : pods) {
      boolean was = selected.policies().contains(key);
      boolean is = policies.matches(key, selected.pod().labels());
      if (was != is) {
        SortedSet<PolicyKey> changed = new TreeSet<>(selected.policies());
        if (is) {
          changed.add(key);
        } else {
          changed.remove(key);
        }
        Touched removed = remove(selected.pod().id().uid());
        Touched inserted = insert(new Selected(selected.pod(), changed));
        touched.addAll(new Touched(removed.plus(inserted).nodes(), new TreeSet<>(List.of(key))));
      }
    }
    return touched;
  }

  /** The addresses of the node's selected pods, and the policies that select each. */
  SortedMap<IpAddress, SortedSet<PolicyKey>> endpointsOn(NodeName node) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> endpoints = new TreeMap<>();
    for (Selected selected : selectedByNode.getOrDefault(node, Map.of()).values()) {
      for (IpAddress address : selected.pod().addresses()) {
        if (isLatest(selected.pod(), address)) {
          endpoints.put(address, selected.policies());
        }
      }
    }
    return Collections.unmodifiableSortedMap(endpoints);
  }

  /** Of pods of one node that claim one address, only the last has it: the others are going. */
  private boolean isLatest(PodFacts pod, IpAddress address) {
    return byAddress.getOrDefault(address, Map.of()).values().stream()
        .map(Selected::pod)
        .filter(other -> other.node().equals(pod.node()))
        .allMatch(other -> BY_AGE.compare(other, pod) <= 0);
  }

  /** The pods that the policy selects, sorted. */
  List<SliceEndpoint> endpointsOf(PolicyKey policy) {
    return byPolicy.getOrDefault(policy, Map.of()).values().stream()
        .map(Selected::pod)
        .map(
            pod ->
                new SliceEndpoint(
                    pod.id().namespace(), pod.id().name(), pod.node(), pod.addresses()))
        .sorted()
        .toList();
  }

  private static <K> void putInto(Map<K, Map<String, Selected>> index, K key, Selected selected) {
    index.computeIfAbsent(key, unused -> new HashMap<>()).put(selected.pod().id().uid(), selected);
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
