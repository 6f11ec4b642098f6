package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The gateway of policies that name none. */
public final class DefaultGateway {
  private DefaultGateway() {}

  /**
   * What the namespace's label names; without one, the cluster's. A label counts even if no gateway
   * has its name, or none can have it: that is for the policy's judge to say.
   *
   * @param namespace labels of the policy's namespace; none for an EgressClusterPolicy
   * @param cluster asked only if it is needed
   */
  public static Optional<String> of(Labels namespace, Supplier<Optional<GatewayName>> cluster) {
    return ofNamespace(namespace).or(() -> cluster.get().map(GatewayName::value));
  }

  /** What the namespace's label names. */
  public static Optional<String> ofNamespace(Labels labels) {
    return labels.get(ApiGroup.DEFAULT_GATEWAY_LABEL).filter(name -> !name.isEmpty());
  }

  /**
   * The cluster's. Where several gateways say that they are it, the oldest: the others stand back,
   * as {@link GatewayConflicts} tells them.
   */
  public static Optional<GatewayName> ofCluster(Map<GatewayAge, EgressGatewaySpec> gateways) {
    return gateways.entrySet().stream()
        .filter(gateway -> gateway.getValue().clusterDefault() == ClusterDefault.YES)
        .map(Map.Entry::getKey)
        .min(GatewayAge::compareTo)
        .map(GatewayAge::name);
  }
}
