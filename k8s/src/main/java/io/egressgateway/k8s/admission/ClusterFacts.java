package io.egressgateway.k8s.admission;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.DefaultGateway;
import io.egressgateway.k8s.translate.GatewayAge;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.Translation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the judges know of other objects. */
interface ClusterFacts {

  /** A gateway, good or bad. */
  record Known(GatewayAge age, Translation<EgressGatewaySpec> translation) {
    static Known of(EgressGateway gateway) {
      return new Known(GatewayAge.of(gateway), GatewayTranslator.translate(gateway));
    }
  }

  /** Every gateway there is. */
  SortedMap<GatewayName, Known> gateways();

  /** What the namespace's label names, whether there is such a gateway or not. */
  Optional<String> namespaceDefault(String namespace);

  /** What is inside the cluster, as the status of the EgressClusterInfo has it. */
  ClusterNetworks networks();

  /** The families that the tunnel carries. */
  Set<IpFamily> tunnelled();

  /** The good gateways. */
  default SortedMap<GatewayName, EgressGatewaySpec> goodGateways() {
    SortedMap<GatewayName, EgressGatewaySpec> good = new TreeMap<>();
    gateways()
        .forEach(
            (name, known) -> {
              if (known.translation() instanceof Translation.Valid<EgressGatewaySpec> valid) {
                good.put(name, valid.spec());
              }
            });
    return good;
  }

  /** The gateway of policies that name none: the namespace's, else the cluster's. */
  default Optional<String> fallback(String namespace) {
    return namespaceDefault(namespace).or(() -> clusterDefault().map(GatewayName::value));
  }

  private Optional<GatewayName> clusterDefault() {
    Map<GatewayAge, EgressGatewaySpec> good = new TreeMap<>();
    for (Known known : gateways().values()) {
      if (known.translation() instanceof Translation.Valid<EgressGatewaySpec> valid) {
        good.put(known.age(), valid.spec());
      }
    }
    return DefaultGateway.ofCluster(good);
  }
}
