package io.egressgateway.core.model;

/** The name of a Kubernetes node: a DNS-1123 subdomain of at most 253 characters. */
public record NodeName(String value) implements Comparable<NodeName> {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException naming the text and the rule it breaks
   */
  public NodeName {
    KubernetesNames.require(KubernetesNames.subdomainViolation("node name", value));
  }

  @Override
  public int compareTo(NodeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
