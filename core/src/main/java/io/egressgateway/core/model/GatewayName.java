package io.egressgateway.core.model;

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

  @Override
  public int compareTo(GatewayName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
