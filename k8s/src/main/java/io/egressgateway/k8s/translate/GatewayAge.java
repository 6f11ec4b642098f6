package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.k8s.crd.EgressGateway;
import java.util.Comparator;

/**
 * How old a gateway is: of two that clash, the later one stands back. Ordered, oldest first.
 *
 * @param created RFC 3339, in UTC; whole seconds, so the name decides between two of one second
 */
public record GatewayAge(String created, GatewayName name) implements Comparable<GatewayAge> {
  private static final Comparator<GatewayAge> OLDEST_FIRST =
      Comparator.comparing(GatewayAge::created).thenComparing(GatewayAge::name);

  /** Of an object that the API server has. */
  public static GatewayAge of(EgressGateway gateway) {
    return new GatewayAge(
        String.valueOf(gateway.getMetadata().getCreationTimestamp()),
        new GatewayName(gateway.getMetadata().getName()));
  }

  @Override
  public int compareTo(GatewayAge other) {
    return OLDEST_FIRST.compare(this, other);
  }
}
