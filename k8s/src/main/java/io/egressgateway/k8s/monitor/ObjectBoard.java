package io.egressgateway.k8s.monitor;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.monitor.Metrics.Reading;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWatch;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.entity.StatusReport.Placement;
import io.egressgateway.policy.entity.StatusReport.PoolUsage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The newest of what is known of each object of the cluster. Thread-safe. */
final class ObjectBoard {

  private final Map<GatewayName, StatusReport.GatewayReport> gateways = new HashMap<>();
  private final Map<ObjectRef.Key, StatusWatch.Shown> statuses = new HashMap<>();

  synchronized void told(StatusReport report) {
    switch (report) {
      case StatusReport.GatewayReport gateway -> gateways.put(gateway.gateway(), gateway);
      case StatusReport.GatewayRetiring gateway -> gateways.remove(gateway.gateway());
      case StatusReport.GatewayGone gateway -> gateways.remove(gateway.gateway());
      case StatusReport.PolicyReport ignored -> {}
      case StatusReport.PolicyGone ignored -> {}
      case StatusReport.NodeReport ignored -> {}
      case StatusReport.NodeGone ignored -> {}
    }
  }

  synchronized void shows(ObjectRef.Key object, Optional<StatusWatch.Shown> shown) {
    shown.ifPresentOrElse(status -> statuses.put(object, status), () -> statuses.remove(object));
  }

  synchronized void clear() {
    gateways.clear();
    statuses.clear();
  }

  private synchronized Collection<StatusReport.GatewayReport> gateways() {
    return List.copyOf(gateways.values());
  }

  private synchronized Map<ObjectRef.Key, StatusWatch.Shown> statuses() {
    return Map.copyOf(statuses);
  }

  void holders(Reading reading) {
    for (StatusReport.GatewayReport gateway : gateways()) {
      gateway
          .pools()
          .placements()
          .forEach(
              (eip, placement) -> holder(gateway.gateway().toString(), eip, placement, reading));
    }
  }

  private static void holder(String gateway, IpAddress eip, Placement placement, Reading reading) {
    String node = placement.holding().holder().map(NodeName::toString).orElse("");
    reading.value(node.isEmpty() ? 0 : 1, gateway, eip.toString(), node);
  }

  void policies(Reading reading) {
    for (StatusReport.GatewayReport gateway : gateways()) {
      gateway
          .pools()
          .placements()
          .forEach((eip, placement) -> policies(gateway.gateway(), eip, placement, reading));
    }
  }

  private static void policies(
      GatewayName gateway, IpAddress eip, Placement placement, Reading reading) {
    placement
        .policies()
        .forEach(policy -> reading.value(1, policy.toString(), gateway.toString(), eip.toString()));
  }

  void standings(Reading reading) {
    for (StatusReport.GatewayReport gateway : gateways()) {
      for (NodeName node : gateway.members().keySet()) {
        String standing =
            Optional.ofNullable(gateway.standings().get(node))
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .orElse("unknown");
        reading.value(1, gateway.gateway().toString(), node.toString(), standing);
      }
    }
  }

  void pools(Reading reading) {
    for (StatusReport.GatewayReport gateway : gateways()) {
      gateway
          .pools()
          .usage()
          .forEach((family, usage) -> pool(gateway.gateway(), family, usage, reading));
    }
  }

  private static void pool(GatewayName gateway, IpFamily family, PoolUsage usage, Reading reading) {
    String name = family.name().toLowerCase(Locale.ROOT);
    reading.value(usage.free().doubleValue(), gateway.toString(), name, "free");
    reading.value(
        usage.total().subtract(usage.free()).doubleValue(), gateway.toString(), name, "used");
  }

  void conditions(Reading reading) {
    Map<List<String>, Integer> counts = new HashMap<>();
    statuses()
        .forEach(
            (object, status) -> {
              for (Condition condition : status.conditions()) {
                counts.merge(labels(object, condition), 1, Integer::sum);
              }
            });
    counts.forEach((labels, count) -> reading.value(count, labels.toArray(String[]::new)));
  }

  private static List<String> labels(ObjectRef.Key object, Condition condition) {
    String kind =
        switch (object) {
          case ObjectRef.Gateway ignored -> "gateway";
          case ObjectRef.Policy ignored -> "policy";
          case ObjectRef.Tunnel ignored -> "tunnel";
          case ObjectRef.ClusterInfo ignored -> "clusterinfo";
        };
    return List.of(
        kind,
        condition.type(),
        condition.status().name().toLowerCase(Locale.ROOT),
        condition.reason());
  }

  void phases(Reading reading) {
    Map<EgressTunnel.Phase, Integer> counts = new TreeMap<>();
    statuses()
        .values()
        .forEach(status -> status.phase().ifPresent(phase -> counts.merge(phase, 1, Integer::sum)));
    counts.forEach((phase, count) -> reading.value(count, phase.name().toLowerCase(Locale.ROOT)));
  }
}
