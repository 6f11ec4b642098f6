package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What is wrong with a gateway because of other gateways. */
public final class GatewayConflicts {

  private GatewayConflicts() {}

  /**
   * Addresses that another gateway gives, too. As long as there are any, the gateway gives none: it
   * stands back.
   *
   * @param others the good gateways that go before this one
   */
  public static List<Violation> pools(
      EgressGatewaySpec spec, SortedMap<GatewayName, EgressGatewaySpec> others) {
    List<Violation> violations = new ArrayList<>();
    others.forEach(
        (name, other) -> {
          overlap("spec.ippools.ipv4", name, spec.ipv4(), other.ipv4()).ifPresent(violations::add);
          overlap("spec.ippools.ipv6", name, spec.ipv6(), other.ipv6()).ifPresent(violations::add);
        });
    return violations;
  }

  /**
   * That another gateway is the cluster default. The gateway is served all the same, to policies
   * that name it.
   *
   * @param older the good gateways that were created before this one
   */
  public static List<Violation> clusterDefault(
      EgressGatewaySpec spec, SortedMap<GatewayName, EgressGatewaySpec> older) {
    if (spec.clusterDefault() == ClusterDefault.NO) {
      return List.of();
    }
    return older.entrySet().stream()
        .filter(other -> other.getValue().clusterDefault() == ClusterDefault.YES)
        .map(
            other ->
                new Violation(
                    "spec.clusterDefault",
                    "true",
                    "EgressGateway " + other.getKey() + " is the cluster default already",
                    "set it to false here or there"))
        .toList();
  }

  private static Optional<Violation> overlap(
      String field, GatewayName name, IpPool mine, IpPool theirs) {
    return mine.intersects(theirs)
        .map(
            shared ->
                new Violation(
                    field,
                    shared.toString(),
                    "also in the pool of EgressGateway " + name,
                    "remove these addresses here or there"));
  }
}
