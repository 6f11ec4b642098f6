package io.egressgateway.load.failover;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Lab;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/** A gateway with a large pool, and a policy for each of its addresses. */
public final class ManyPolicies {
  /** The gateway's name. */
  public static final String GATEWAY = "many";

  private static final Ipv4Address FIRST = Ipv4Address.of("10.7.0.1");

  private ManyPolicies() {}

  /** Creates all of it and returns the addresses. */
  public static List<Ipv4Address> create(Lab lab, int number) {
    List<Ipv4Address> addresses = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      addresses.add(new Ipv4Address(FIRST.bits() + i));
    }
    apply(lab, gateway(addresses.getFirst(), addresses.getLast()));
    for (int i = 0; i < number; i++) {
      apply(lab, policy(i, addresses.get(i)));
    }
    return addresses;
  }

  private static String gateway(Ipv4Address first, Ipv4Address last) {
    return """
        apiVersion: egressgateway.spidernet.io/v1beta1
        kind: EgressGateway
        metadata:
          name: many
        spec:
          ippools:
            ipv4:
            - "%s-%s"
          nodeSelector:
            selector:
              matchLabels:
                egressgateway: "true"
        """
        .formatted(first, last);
  }

  private static String policy(int number, Ipv4Address address) {
    return """
        apiVersion: egressgateway.spidernet.io/v1beta1
        kind: EgressPolicy
        metadata:
          name: many-%d
          namespace: default
        spec:
          egressGatewayName: many
          egressIP:
            ipv4: %s
          appliedTo:
            podSelector:
              matchLabels:
                app: many-%d
        """
        .formatted(number, address, number);
  }

  private static void apply(Lab lab, String yaml) {
    HasMetadata object = lab.client().resource(yaml).item();
    lab.client().resource(object).create();
  }
}
