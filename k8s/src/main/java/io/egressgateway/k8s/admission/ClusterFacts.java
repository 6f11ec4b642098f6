package io.egressgateway.k8s.admission;

import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.Translation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the judges know of other objects. */
interface ClusterFacts {

  /** Every gateway there is, good or bad. */
  SortedMap<GatewayName, Translation<EgressGatewaySpec>> gateways();

  /** The gateway that the namespace's label names, whether there is such a gateway or not. */
  Optional<GatewayName> namespaceDefault(String namespace);

  /** What is inside the cluster, as the status of the EgressClusterInfo has it. */
  ClusterNetworks networks();

  /** The good gateways. */
  default SortedMap<GatewayName, EgressGatewaySpec> goodGateways() {
    SortedMap<GatewayName, EgressGatewaySpec> good = new TreeMap<>();
    gateways()
        .forEach(
            (name, translation) -> {
              if (translation instanceof Translation.Valid<EgressGatewaySpec> valid) {
                good.put(name, valid.spec());
              }
            });
    return good;
  }

  /** The gateway of policies that name none: the namespace's, else the cluster's. */
  default Optional<GatewayName> fallback(String namespace) {
    return namespaceDefault(namespace)
        .or(
            () ->
                goodGateways().entrySet().stream()
                    .filter(entry -> entry.getValue().clusterDefault() == ClusterDefault.YES)
                    .map(entry -> entry.getKey())
                    .findFirst());
  }
}
