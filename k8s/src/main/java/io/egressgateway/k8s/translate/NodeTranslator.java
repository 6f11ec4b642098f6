package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.translate.NodeFacts.Availability;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads what matters of a Node. */
public final class NodeTranslator {

  /** Of a Node whose egress IPs are to move elsewhere, with the value {@code true}. */
  public static final String DRAIN_ANNOTATION = "egressgateway.spidernet.io/drain";

  private NodeTranslator() {}

  /** The node; what cannot be read counts as absent. */
  public static NodeFacts translate(Node node) {
    return new NodeFacts(
        new NodeFacts.Id(new NodeName(node.getMetadata().getName()), node.getMetadata().getUid()),
        PodTranslator.labels(node.getMetadata()),
        availability(node),
        new NodeFacts.Network(internal(node), pods(node)));
  }

  private static Availability availability(Node node) {
    boolean ready =
        node.getStatus() != null
            && Texts.items(node.getStatus().getConditions()).stream()
                .anyMatch(
                    condition ->
                        "Ready".equals(condition.getType())
                            && "True".equals(condition.getStatus()));
    if (!ready) {
      return Availability.NOT_READY;
    }
    boolean draining =
        node.getMetadata().getAnnotations() != null
            && "true".equals(node.getMetadata().getAnnotations().get(DRAIN_ANNOTATION));
    if (draining) {
      return Availability.DRAINING;
    }
    return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable())
        ? Availability.CORDONED
        : Availability.READY;
  }

  private static SortedSet<IpAddress> internal(Node node) {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    if (node.getStatus() != null) {
      Texts.items(node.getStatus().getAddresses()).stream()
          .filter(address -> "InternalIP".equals(address.getType()))
          .map(NodeAddress::getAddress)
          .flatMap(text -> IpAddress.parse(text).stream())
          .forEach(addresses::add);
    }
    return addresses;
  }

  private static SortedSet<Cidr> pods(Node node) {
    SortedSet<Cidr> cidrs = new TreeSet<>();
    if (node.getSpec() != null) {
      Stream.concat(
              Stream.ofNullable(node.getSpec().getPodCIDR()),
              Texts.items(node.getSpec().getPodCIDRs()).stream())
          .flatMap(text -> Cidr.parse(text).stream())
          .forEach(cidrs::add);
    }
    return cidrs;
  }
}
