package io.egressgateway.k8s.egctl;

import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tables for people, of what the API shows. */
final class Listings {
  private static final String READY = "Ready";
  private static final String NONE = "-";

  private Listings() {}

  /** The gateways; the wide form says why one is as it is. */
  static TextTable gateways(List<EgressGateway> gateways) {
    return new TextTable(
        List.of(
            "NAME",
            "DEFAULT",
            "NODES",
            "READY NODES",
            "EIPS",
            "FREE IPV4",
            "FREE IPV6",
            "STATE",
            "MESSAGE"),
        1,
        8,
        sorted(
            gateways.stream()
                .map(
                    gateway -> {
                      GatewayView view = GatewayView.of(gateway);
                      EgressGateway.Status status = gateway.getStatus();
                      EgressGateway.IpUsage usage = status == null ? null : status.ipUsage();
                      return List.of(
                          gateway.getMetadata().getName(),
                          isDefault(gateway) ? "yes" : "no",
                          String.valueOf(view.held().size()),
                          String.valueOf(view.ready().size()),
                          String.valueOf(view.held().values().stream().mapToInt(Set::size).sum()),
                          usage == null ? NONE : String.valueOf(usage.ipv4Free()),
                          usage == null ? NONE : String.valueOf(usage.ipv6Free()),
                          state(status == null ? null : status.conditions()),
                          message(status == null ? null : status.conditions()));
                    })));
  }

  private static boolean isDefault(EgressGateway gateway) {
    return gateway.getSpec() != null && Boolean.TRUE.equals(gateway.getSpec().clusterDefault());
  }

  /** Policies of both kinds; one of the cluster has no namespace. */
  static TextTable policies(List<EgressPolicy> policies, List<EgressClusterPolicy> wide) {
    Stream<List<String>> namespaced =
        policies.stream()
            .map(
                policy ->
                    policy(
                        text(policy.getMetadata().getNamespace()),
                        policy.getMetadata().getName(),
                        policy.getSpec() == null ? null : policy.getSpec().egressGatewayName(),
                        policy.getStatus()));
    Stream<List<String>> cluster =
        wide.stream()
            .map(
                policy ->
                    policy(
                        NONE,
                        policy.getMetadata().getName(),
                        policy.getSpec() == null ? null : policy.getSpec().egressGatewayName(),
                        policy.getStatus()));
    return new TextTable(
        List.of("NAMESPACE", "NAME", "GATEWAY", "IPV4", "IPV6", "NODE", "STATE", "MESSAGE"),
        2,
        7,
        sorted(Stream.concat(cluster, namespaced)));
  }

  private static List<String> policy(
      String namespace,
      String name,
      @Nullable String gateway,
      EgressPolicy.@Nullable Status status) {
    EgressPolicy.Eip eip = status == null ? null : status.eip();
    return List.of(
        namespace,
        name,
        text(gateway),
        text(eip == null ? null : eip.ipv4()),
        text(eip == null ? null : eip.ipv6()),
        text(status == null ? null : status.node()),
        state(status == null ? null : status.conditions()),
        message(status == null ? null : status.conditions()));
  }

  /** What nodes hold; the wide form names who uses it. */
  static TextTable eips(List<EgressGateway> gateways) {
    List<List<String>> rows = new ArrayList<>();
    for (EgressGateway gateway : gateways) {
      EgressGateway.Status status = gateway.getStatus();
      for (EgressGateway.NodeStatus node : items(status == null ? null : status.nodeList())) {
        for (EgressGateway.Eip eip : items(node.eips())) {
          rows.add(
              List.of(
                  text(eip.ipv4()),
                  text(eip.ipv6()),
                  gateway.getMetadata().getName(),
                  text(node.name()),
                  text(node.status()),
                  String.valueOf(items(eip.policies()).size()),
                  text(
                      items(eip.policies()).stream()
                          .map(Listings::reference)
                          .sorted()
                          .collect(Collectors.joining(",")))));
        }
      }
    }
    return new TextTable(
        List.of("IPV4", "IPV6", "GATEWAY", "NODE", "NODE STATE", "POLICIES", "USED BY"),
        3,
        6,
        sorted(rows.stream()));
  }

  private static String reference(EgressGateway.PolicyReference policy) {
    return policy.namespace() == null
        ? text(policy.name())
        : policy.namespace() + "/" + policy.name();
  }

  /**
   * The nodes of the tunnel mesh.
   *
   * @param unfit names of nodes that are given nothing
   */
  static TextTable nodes(
      List<EgressTunnel> tunnels, List<EgressGateway> gateways, Set<String> unfit) {
    return new TextTable(
        List.of(
            "NAME",
            "PHASE",
            "TAKES EIPS",
            "GATEWAYS",
            "EIPS",
            "TUNNEL IPV4",
            "TUNNEL IPV6",
            "TUNNEL MAC",
            "MARK"),
        1,
        5,
        sorted(
            tunnels.stream()
                .map(
                    tunnel -> {
                      String name = tunnel.getMetadata().getName();
                      TreeSet<String> of = new TreeSet<>();
                      int eips = 0;
                      for (EgressGateway gateway : gateways) {
                        GatewayView view = GatewayView.of(gateway);
                        if (view.held().containsKey(name)) {
                          of.add(gateway.getMetadata().getName());
                          eips += view.heldBy(name).size();
                        }
                      }
                      EgressTunnel.Status status = tunnel.getStatus();
                      EgressTunnel.Tunnel end = status == null ? null : status.tunnel();
                      return List.of(
                          name,
                          text(
                              status == null || status.phase() == null
                                  ? null
                                  : status.phase().toString()),
                          unfit.contains(name) ? "no" : "yes",
                          text(String.join(",", of)),
                          String.valueOf(eips),
                          text(end == null ? null : end.ipv4()),
                          text(end == null ? null : end.ipv6()),
                          text(end == null ? null : end.mac()),
                          text(status == null ? null : status.mark()));
                    })));
  }

  private static String state(@Nullable List<StatusCondition> conditions) {
    return items(conditions).stream()
        .filter(condition -> condition.type().equals(READY))
        .map(condition -> condition.status().equals("True") ? READY : text(condition.reason()))
        .findFirst()
        .orElse("Unknown");
  }

  private static String message(@Nullable List<StatusCondition> conditions) {
    return items(conditions).stream()
        .filter(condition -> condition.type().equals(READY))
        .map(condition -> text(condition.message()))
        .findFirst()
        .orElse(NONE);
  }

  private static List<List<String>> sorted(Stream<List<String>> rows) {
    return rows.sorted(
            Comparator.comparing((List<String> row) -> row.get(0)).thenComparing(row -> row.get(1)))
        .toList();
  }

  private static String text(@Nullable String value) {
    return value == null || value.isEmpty() ? NONE : value;
  }

  private static <T> List<T> items(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
