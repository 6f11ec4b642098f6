package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.lab.kube.BareObjects;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;

/**
 * The objects of a large cluster, by number. Its nodes and pods exist in the API only: what they
 * cost the control plane is what is measured. Pure.
 */
final class ScaleObjects {
  /** The gateway of all its policies. */
  static final String GATEWAY = "scale";

  /** Namespace of its policies and pods. */
  static final String NAMESPACE = "default";

  /** As many pods as a node of Kubernetes has by default, some left for the system. */
  static final int PODS_PER_NODE = 100;

  /** Never on a wire: only answered for inside the lab. */
  private static final Ipv4Address EIPS = Ipv4Address.of("10.7.0.1");

  private static final Ipv4Address NODES = Ipv4Address.of("10.8.0.1");
  private static final Ipv4Address PODS = Ipv4Address.of("10.245.0.1");
  private static final int POD_RANGE_BITS = 8;

  private ScaleObjects() {}

  /** A gateway with so many egress IPs. */
  static EgressGateway gateway(int eips) {
    return Serialization.unmarshal(
        """
        apiVersion: egressgateway.spidernet.io/v1beta1
        kind: EgressGateway
        metadata: {name: %s}
        spec:
          ippools: {ipv4: ["%s-%s"]}
          nodeSelector: {selector: {matchLabels: {egressgateway: "true"}}}
        """
            .formatted(GATEWAY, EIPS, plus(EIPS, eips - 1)),
        EgressGateway.class);
  }

  /** The policy of the pods of an application; it gets an egress IP of its own. */
  static EgressPolicy policy(String name, String app) {
    return policy(name, app, "allocatorPolicy: rr");
  }

  /** One that names its egress IP, by its place in the pool, as others may. */
  static EgressPolicy policy(String name, String app, int eip) {
    return policy(name, app, "ipv4: " + plus(EIPS, eip));
  }

  private static EgressPolicy policy(String name, String app, String egressIp) {
    return Serialization.unmarshal(
        """
        apiVersion: egressgateway.spidernet.io/v1beta1
        kind: EgressPolicy
        metadata: {name: %s, namespace: %s}
        spec:
          egressGatewayName: %s
          egressIP: {%s}
          appliedTo: {podSelector: {matchLabels: {app: %s}}}
        """
            .formatted(name, NAMESPACE, GATEWAY, egressIp, app),
        EgressPolicy.class);
  }

  /** A node without an agent. */
  static Node node(int number) {
    String now = Instant.now(Clock.systemUTC()).toString();
    return new NodeBuilder()
        .withNewMetadata()
        .withName("crowd-" + number)
        .endMetadata()
        .withNewSpec()
        .withPodCIDR(plus(PODS, (number << POD_RANGE_BITS) - 1) + "/24")
        .endSpec()
        .withNewStatus()
        .addNewAddress(plus(NODES, number).toString(), "InternalIP")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withReason("KubeletReady")
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .endCondition()
        .endStatus()
        .build();
  }

  /** A pod of the crowd's nodes, by its number among all. */
  static Pod crowdPod(String name, String app, int number) {
    int node = number / PODS_PER_NODE;
    Ipv4Address address = plus(PODS, (node << POD_RANGE_BITS) + number % PODS_PER_NODE);
    return pod(name, app, "crowd-" + node, address);
  }

  /** A pod that runs, so the object says. */
  static Pod pod(String name, String app, String node, Ipv4Address address) {
    return BareObjects.pod(NAMESPACE, name, app, new BareObjects.Place(node, address.toString()));
  }

  private static Ipv4Address plus(Ipv4Address first, int number) {
    return new Ipv4Address(first.bits() + number);
  }
}
