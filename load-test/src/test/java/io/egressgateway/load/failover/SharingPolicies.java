package io.egressgateway.load.failover;

import io.egressgateway.core.model.Ipv4Address;
import java.util.ArrayList;
import java.util.List;

/** Policies that name an egress IP and match no pod. */
final class SharingPolicies {
  private SharingPolicies() {}

  static List<String> create(Scene scene, int number) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      apply(scene, "sharing-" + i, scene.eip());
      names.add("sharing-" + i);
    }
    return names;
  }

  static void apply(Scene scene, String name, Ipv4Address eip) {
    scene
        .lab()
        .client()
        .resource(
            """
            apiVersion: egressgateway.spidernet.io/v1beta1
            kind: EgressPolicy
            metadata:
              name: %s
              namespace: default
            spec:
              egressGatewayName: default
              egressIP:
                ipv4: %s
              appliedTo:
                podSelector:
                  matchLabels:
                    app: nobody
            """
                .formatted(name, eip))
        .serverSideApply();
  }

  static void delete(Scene scene, List<String> names) {
    for (String name : names) {
      scene
          .lab()
          .client()
          .genericKubernetesResources("egressgateway.spidernet.io/v1beta1", "EgressPolicy")
          .inNamespace("default")
          .withName(name)
          .delete();
    }
  }
}
