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
   * Judges a gateway against those that were there before it: of two that clash, the later one
   * stands back.
   *
   * @param earlier the good gateways that were created before this one
   */
  public static List<Violation> between(
      EgressGatewaySpec spec, SortedMap<GatewayName, EgressGatewaySpec> earlier) {
    List<Violation> violations = new ArrayList<>();
    earlier.forEach(
        (name, other) -> {
          overlap("spec.ippools.ipv4", name, spec.ipv4(), other.ipv4()).ifPresent(violations::add);
          overlap("spec.ippools.ipv6", name, spec.ipv6(), other.ipv6()).ifPresent(violations::add);
          if (spec.clusterDefault() == ClusterDefault.YES
              && other.clusterDefault() == ClusterDefault.YES) {
            violations.add(
                new Violation(
                    "spec.clusterDefault",
                    "true",
                    "EgressGateway " + name + " is the cluster default already",
                    "set it to false here or there"));
          }
        });
    return violations;
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
