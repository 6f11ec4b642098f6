package io.egressgateway.load.lab.kube;

import io.egressgateway.load.lab.LabNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which nodes a pod may run on, as far as the lab's scheduler understands: node selector, required
 * node affinity, required anti-affinity by host name. Taints are not looked at.
 *
 * @param labels which the node must have
 * @param terms of which one must hold; no terms admit every node
 * @param apart pods with which it never shares a node
 */
record NodeWish(
    String namespace,
    Map<String, String> labels,
    List<NodeSelectorTerm> terms,
    List<LabelSelector> apart) {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  static NodeWish of(Pod pod) {
    Affinity affinity = pod.getSpec().getAffinity();
    List<NodeSelectorTerm> terms =
        Optional.ofNullable(affinity)
            .map(Affinity::getNodeAffinity)
            .map(node -> node.getRequiredDuringSchedulingIgnoredDuringExecution())
            .map(required -> required.getNodeSelectorTerms())
            .orElse(List.of());
    List<LabelSelector> apart =
        Optional.ofNullable(affinity)
            .map(Affinity::getPodAntiAffinity)
            .map(pods -> pods.getRequiredDuringSchedulingIgnoredDuringExecution())
            .orElse(List.of())
            .stream()
            .filter(term -> HOSTNAME.equals(term.getTopologyKey()))
            .map(PodAffinityTerm::getLabelSelector)
            .toList();
    return new NodeWish(
        pod.getMetadata().getNamespace(),
        Optional.ofNullable(pod.getSpec().getNodeSelector()).orElse(Map.of()),
        terms,
        apart);
  }

  boolean admits(LabNode node, Collection<Pod> others) {
    Map<String, String> present =
        NodeObjects.node(node, NodeObjects.Readiness.READY, Instant.EPOCH)
            .getMetadata()
            .getLabels();
    return present.entrySet().containsAll(labels.entrySet())
        && (terms.isEmpty() || terms.stream().anyMatch(term -> holds(term, node, present)))
        && others.stream()
            .filter(pod -> node.name().value().equals(pod.getSpec().getNodeName()))
            .noneMatch(this::keepsApart);
  }

  private boolean keepsApart(Pod pod) {
    Map<String, String> found = Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    return Objects.equals(pod.getMetadata().getNamespace(), namespace)
        && apart.stream()
            .map(selector -> Optional.ofNullable(selector.getMatchLabels()).orElse(Map.of()))
            .anyMatch(wanted -> found.entrySet().containsAll(wanted.entrySet()));
  }

  private static boolean holds(NodeSelectorTerm term, LabNode node, Map<String, String> present) {
    return term.getMatchExpressions().stream()
            .allMatch(wanted -> holds(wanted, Optional.ofNullable(present.get(wanted.getKey()))))
        && term.getMatchFields().stream()
            .allMatch(wanted -> holds(wanted, Optional.of(node.name().value())));
  }

  private static boolean holds(NodeSelectorRequirement wanted, Optional<String> value) {
    return switch (wanted.getOperator()) {
      case "In" -> value.filter(wanted.getValues()::contains).isPresent();
      case "NotIn" -> value.filter(wanted.getValues()::contains).isEmpty();
      case "Exists" -> value.isPresent();
      case "DoesNotExist" -> value.isEmpty();
      default -> false;
    };
  }
}
