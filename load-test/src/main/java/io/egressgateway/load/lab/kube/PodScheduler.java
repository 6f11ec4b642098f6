package io.egressgateway.load.lab.kube;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement.Attachment;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses node and address of a pod. Not thread-safe. */
final class PodScheduler {
  private static final int FIRST_HOST = 2;
  private static final int LAST_HOST = 254;

  private final Topology topology;
  private final Map<NodeName, Integer> lastHost = new HashMap<>();

  PodScheduler(Topology topology) {
    this.topology = topology;
  }

  /** Empty if the pod wants a node that the lab does not have. */
  Optional<PodPlacement> place(Pod pod, Collection<PodPlacement> running, Collection<Pod> others) {
    String wanted = pod.getSpec().getNodeName();
    Optional<LabNode> node =
        wanted == null
            ? leastLoaded(NodeWish.of(pod), running, others)
            : topology.nodes().stream().filter(n -> n.name().value().equals(wanted)).findFirst();
    boolean onHost = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    return node.map(
        chosen ->
            new PodPlacement(
                new PodPlacement.PodKey(
                    pod.getMetadata().getNamespace(), pod.getMetadata().getName()),
                pod.getMetadata().getUid(),
                chosen,
                onHost ? Attachment.HOST_NETWORK : Attachment.POD_NETWORK,
                onHost ? chosen.underlay() : freeAddress(chosen, running)));
  }

  /**
   * Workers first: the lab's gateways and its control plane are kept for what they are there for.
   */
  private Optional<LabNode> leastLoaded(
      NodeWish wish, Collection<PodPlacement> running, Collection<Pod> others) {
    return topology.nodes().stream()
        .filter(node -> wish.admits(node, others))
        .min(
            Comparator.comparing((LabNode node) -> node.role() != LabNode.Role.WORKER)
                .thenComparingLong(
                    node -> running.stream().filter(pod -> pod.node().equals(node)).count()));
  }

  /** The next one after the last given, so that an address is used again as late as possible. */
  private Ipv4Address freeAddress(LabNode node, Collection<PodPlacement> running) {
    Set<Ipv4Address> taken =
        running.stream().map(PodPlacement::address).collect(Collectors.toSet());
    Ipv4Address network = (Ipv4Address) node.podCidr().first();
    int last = lastHost.getOrDefault(node.name(), FIRST_HOST - 1);
    for (int i = 0; i <= LAST_HOST - FIRST_HOST; i++) {
      int host = FIRST_HOST + (last - FIRST_HOST + 1 + i) % (LAST_HOST - FIRST_HOST + 1);
      Ipv4Address candidate = new Ipv4Address(network.bits() + host);
      if (!taken.contains(candidate)) {
        lastHost.put(node.name(), host);
        return candidate;
      }
    }
    throw new IllegalStateException(
        "no pod address is free on %s (%s); the lab has %d per node"
            .formatted(node.name(), node.podCidr(), LAST_HOST - FIRST_HOST + 1));
  }

  /** What the scheduler of a cluster does last. */
  void bind(KubernetesClient client, Pod pod, NodeName node) {
    try {
      postBinding(client, pod, node);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // The embedded API has no bindings, and lets the field be written.
      client
          .resource(pod)
          .edit(
              found -> {
                found.getSpec().setNodeName(node.value());
                return found;
              });
    }
  }

  private static void postBinding(KubernetesClient client, Pod pod, NodeName node) {
    client
        .bindings()
        .inNamespace(pod.getMetadata().getNamespace())
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node.value())
                .endTarget()
                .build())
        .create();
  }
}
