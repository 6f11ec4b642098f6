package io.egressgateway.k8s.monitor;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.monitor.Metrics.Reading;
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

/** The newest report of each object of the cluster. Thread-safe. */
final class ObjectBoard {

  /** Of an object, across kinds. */
  private record Key(String kind, String name) {}

  private final Map<Key, StatusReport> reports = new HashMap<>();

  synchronized void told(StatusReport report) {
    switch (report) {
      case StatusReport.PolicyReport policy ->
          reports.put(new Key("policy", policy.policy().toString()), report);
      case StatusReport.PolicyGone policy ->
          reports.remove(new Key("policy", policy.policy().toString()));
      case StatusReport.GatewayReport gateway -> reports.put(key(gateway.gateway()), report);
      case StatusReport.GatewayRetiring gateway -> reports.put(key(gateway.gateway()), report);
      case StatusReport.GatewayGone gateway -> reports.remove(key(gateway.gateway()));
      case StatusReport.NodeReport node -> reports.put(key(node.node()), report);
      case StatusReport.NodeGone node -> reports.remove(key(node.node()));
    }
  }

  private static Key key(GatewayName gateway) {
    return new Key("gateway", gateway.toString());
  }

  private static Key key(NodeName node) {
    return new Key("tunnel", node.toString());
  }

  synchronized void clear() {
    reports.clear();
  }

  private synchronized Collection<Map.Entry<Key, StatusReport>> snapshot() {
    return List.copyOf(reports.entrySet());
  }

  void holders(Reading reading) {
    for (StatusReport report : gateways()) {
      if (report instanceof StatusReport.GatewayReport gateway) {
        gateway
            .pools()
            .placements()
            .forEach(
                (eip, placement) -> holder(gateway.gateway().toString(), eip, placement, reading));
      }
    }
  }

  private static void holder(String gateway, IpAddress eip, Placement placement, Reading reading) {
    String node = placement.holding().holder().map(NodeName::toString).orElse("");
    reading.value(node.isEmpty() ? 0 : 1, gateway, eip.toString(), node);
  }

  void standings(Reading reading) {
    for (StatusReport report : gateways()) {
      if (report instanceof StatusReport.GatewayReport gateway) {
        for (NodeName node : gateway.members().keySet()) {
          String standing =
              Optional.ofNullable(gateway.standings().get(node))
                  .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                  .orElse("unknown");
          reading.value(1, gateway.gateway().toString(), node.toString(), standing);
        }
      }
    }
  }

  void pools(Reading reading) {
    for (StatusReport report : gateways()) {
      if (report instanceof StatusReport.GatewayReport gateway) {
        gateway
            .pools()
            .usage()
            .forEach((family, usage) -> pool(gateway.gateway(), family, usage, reading));
      }
    }
  }

  private static void pool(GatewayName gateway, IpFamily family, PoolUsage usage, Reading reading) {
    String name = family.name().toLowerCase(Locale.ROOT);
    reading.value(usage.free().doubleValue(), gateway.toString(), name, "free");
    reading.value(
        usage.total().subtract(usage.free()).doubleValue(), gateway.toString(), name, "used");
  }

  private List<StatusReport> gateways() {
    return snapshot().stream()
        .filter(entry -> entry.getKey().kind().equals("gateway"))
        .map(Map.Entry::getValue)
        .toList();
  }

  void conditions(Reading reading) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (Map.Entry<Key, StatusReport> entry : snapshot()) {
      for (Condition condition : entry.getValue().conditions()) {
        counts.merge(
            List.of(
                entry.getKey().kind(),
                condition.type(),
                condition.status().name().toLowerCase(Locale.ROOT),
                condition.reason()),
            1,
            Integer::sum);
      }
    }
    counts.forEach((labels, count) -> reading.value(count, labels.toArray(String[]::new)));
  }

  void phases(Reading reading) {
    Map<StatusReport.Phase, Integer> counts = new TreeMap<>();
    for (Map.Entry<Key, StatusReport> entry : snapshot()) {
      if (entry.getValue() instanceof StatusReport.NodeReport node) {
        counts.merge(node.phase(), 1, Integer::sum);
      }
    }
    counts.forEach((phase, count) -> reading.value(count, phase.name().toLowerCase(Locale.ROOT)));
  }
}
