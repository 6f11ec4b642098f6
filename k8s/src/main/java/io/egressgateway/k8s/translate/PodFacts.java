package io.egressgateway.k8s.translate;

import io.egressgateway.core.collection.CompactSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.Selection;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A pod that policies can select: it has a network of its own, an address and a node, and has not
 * finished.
 *
 * @param id which pod
 * @param labels of the pod
 * @param node that it runs on
 * @param addresses at least one
 */
public record PodFacts(Id id, Labels labels, NodeName node, SortedSet<IpAddress> addresses) {

  public PodFacts {
    addresses = CompactSet.copyOf(addresses);
  }

  /** Which of the addresses are selected, by a selection that reaches the pod's namespace. */
  public SortedSet<IpAddress> selectedBy(Selection selection) {
    return switch (selection) {
      case Selection.Pods pods ->
          pods.podSelector().matches(labels) ? addresses : Collections.emptySortedSet();
      case Selection.Subnets subnets ->
          addresses.stream()
              .filter(subnets.cidrs()::contains)
              .collect(Collectors.toCollection(TreeSet::new));
    };
  }

  /**
   * Which pod.
   *
   * @param uid tells pods of one name apart
   * @param created tells which of two pods that claim one address is the later one
   */
  public record Id(String uid, String namespace, String name, Instant created) {}
}
