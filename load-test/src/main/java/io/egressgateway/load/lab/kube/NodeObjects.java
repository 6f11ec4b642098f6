package io.egressgateway.load.lab.kube;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.load.lab.LabNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The Node objects that kubelets register. Pure. */
final class NodeObjects {
  private static final String KUBELET_VERSION = "v1.26.7";
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

  /** Whether a node says that it is ready. */
  enum Readiness {
    READY("True", "KubeletReady", "kubelet is posting ready status"),
    NOT_READY("False", "KubeletNotReady", "the lab says that this node is not ready");

    private final String status;
    private final String reason;
    private final String message;

    Readiness(String status, String reason, String message) {
      this.status = status;
      this.reason = reason;
      this.message = message;
    }
  }

  private NodeObjects() {}

  static Node node(LabNode node, Readiness readiness, Instant now) {
    String name = node.name().value();
    Map<String, String> labels = new TreeMap<>();
    labels.put(HOSTNAME, name);
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", architecture());
    if (node.role() == LabNode.Role.CONTROL_PLANE) {
      labels.put(CONTROL_PLANE, "");
    }
    Map<String, Quantity> resources =
        Map.of(
            "cpu", new Quantity("2"), "memory", new Quantity("4Gi"), "pods", new Quantity("110"));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withPodCIDR(node.podCidr().toString())
        .withPodCIDRs(
            Stream.concat(Stream.of(node.podCidr()), node.podCidrV6().stream())
                .map(Cidr::toString)
                .toList())
        .endSpec()
        .withNewStatus()
        .withCapacity(resources)
        .withAllocatable(resources)
        .withAddresses(addresses(node))
        .addNewCondition()
        .withType("Ready")
        .withStatus(readiness.status)
        .withReason(readiness.reason)
        .withMessage(readiness.message)
        .withLastHeartbeatTime(now.toString())
        .withLastTransitionTime(now.toString())
        .endCondition()
        .withNewNodeInfo()
        .withArchitecture(architecture())
        .withBootID(bootId(name))
        .withMachineID(bootId(name))
        .withSystemUUID(bootId(name))
        .withContainerRuntimeVersion("lab://1")
        .withKernelVersion(System.getProperty("os.version"))
        .withKubeProxyVersion(KUBELET_VERSION)
        .withKubeletVersion(KUBELET_VERSION)
        .withOperatingSystem("linux")
        .withOsImage("egressgateway lab")
        .endNodeInfo()
        .endStatus()
        .build();
  }

  private static List<NodeAddress> addresses(LabNode node) {
    List<NodeAddress> addresses = new ArrayList<>();
    addresses.add(new NodeAddress(node.underlay().toString(), "InternalIP"));
    node.underlayV6()
        .ifPresent(address -> addresses.add(new NodeAddress(address.toString(), "InternalIP")));
    addresses.add(new NodeAddress(node.name().value(), "Hostname"));
    return addresses;
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      default -> "amd64";
    };
  }

  private static String bootId(String name) {
    return "lab-" + name;
  }
}
