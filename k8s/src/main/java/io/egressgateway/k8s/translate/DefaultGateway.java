package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.Optional;
import java.util.function.Supplier;

/** The gateway of policies that name none. */
public final class DefaultGateway {
  private DefaultGateway() {}

  /**
   * What the namespace's label names; without one, the cluster's. A label that cannot be a
   * gateway's name names none.
   *
   * @param namespace labels of the policy's namespace; none for an EgressClusterPolicy
   * @param cluster asked only if it is needed
   */
  public static Optional<GatewayName> of(
      Labels namespace, Supplier<Optional<GatewayName>> cluster) {
    return namespace
        .get(ApiGroup.DEFAULT_GATEWAY_LABEL)
        .filter(name -> !name.isEmpty())
        .map(DefaultGateway::named)
        .orElseGet(cluster);
  }

  private static Optional<GatewayName> named(String label) {
    try {
      return Optional.of(new GatewayName(label));
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }
}
