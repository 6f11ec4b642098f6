package io.egressgateway.core.model;

import java.util.Optional;

/** The name of an EgressGateway: a DNS-1123 subdomain of at most 253 characters. */
public record GatewayName(String value) implements Comparable<GatewayName> {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException naming the text and the rule it breaks
   */
  public GatewayName {
    KubernetesNames.require(KubernetesNames.subdomainViolation("gateway name", value));
  }

  /** The name; empty if the text cannot be one. */
  public static Optional<GatewayName> parse(String text) {
    return KubernetesNames.subdomainViolation("gateway name", text).isEmpty()
        ? Optional.of(new GatewayName(text))
        : Optional.empty();
  }

  @Override
  public int compareTo(GatewayName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
