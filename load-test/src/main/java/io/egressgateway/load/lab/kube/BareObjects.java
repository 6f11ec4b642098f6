package io.egressgateway.load.lab.kube;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** Nodes and pods that are objects and nothing else. Pure. */
public final class BareObjects {
  private BareObjects() {}

  /** A node that is ready, so it says. */
  public static Node node(String name, String address) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .addNewAddress(address, "InternalIP")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  /**
   * Where a pod is.
   *
   * @param address its own
   */
  public record Place(String node, String address) {}

  /** A pod of an application that runs, so it says. */
  public static Pod pod(String namespace, String name, String app, Place place) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("app", app)
        .endMetadata()
        .withNewSpec()
        .withNodeName(place.node())
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName("main")
        .withImage("none")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(place.address())
        .addNewPodIP(place.address())
        .endStatus()
        .build();
  }
}
