package io.egressgateway.core.model;

import java.util.Comparator;

/**
 * Which policy: kind, namespace where the kind has one, and name.
 *
 * <p>Order: namespaced policies by namespace and name, then cluster policies by name.
 */
public sealed interface PolicyKey extends Comparable<PolicyKey> {

  /** Kind of {@link Namespaced}, as in the Kubernetes API. */
  String NAMESPACED_KIND = "EgressPolicy";

  /** Kind of {@link ClusterScoped}, as in the Kubernetes API. */
  String CLUSTER_KIND = "EgressClusterPolicy";

  /** An EgressPolicy. */
  record Namespaced(String namespace, String name) implements PolicyKey {

    private static final Comparator<Namespaced> ORDER =
        Comparator.comparing(Namespaced::namespace).thenComparing(Namespaced::name);

    /**
     * Checks both names.
     *
     * @throws IllegalArgumentException when either is no Kubernetes name
     */
    public Namespaced {
      KubernetesNames.require(KubernetesNames.labelViolation("namespace", namespace));
      KubernetesNames.require(KubernetesNames.subdomainViolation("policy name", name));
    }

    /** {@code EgressPolicy/namespace/name}. */
    @Override
    public String toString() {
      return NAMESPACED_KIND + "/" + namespace + "/" + name;
    }
  }

  /** An EgressClusterPolicy. */
  record ClusterScoped(String name) implements PolicyKey {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when it is no Kubernetes name
     */
    public ClusterScoped {
      KubernetesNames.require(KubernetesNames.subdomainViolation("policy name", name));
    }

    /** {@code EgressClusterPolicy/name}. */
    @Override
    public String toString() {
      return CLUSTER_KIND + "/" + name;
    }
  }

  /**
   * Inverse of {@code toString}.
   *
   * @throws IllegalArgumentException naming the text when it is no key
   */
  static PolicyKey parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length == 3 && parts[0].equals(NAMESPACED_KIND)) {
      return new Namespaced(parts[1], parts[2]);
    }
    if (parts.length == 2 && parts[0].equals(CLUSTER_KIND)) {
      return new ClusterScoped(parts[1]);
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is not a policy key; write "
            + NAMESPACED_KIND
            + "/namespace/name or "
            + CLUSTER_KIND
            + "/name");
  }

  String name();

  @Override
  default int compareTo(PolicyKey other) {
    return switch (this) {
      case Namespaced mine ->
          other instanceof Namespaced theirs ? Namespaced.ORDER.compare(mine, theirs) : -1;
      case ClusterScoped mine ->
          other instanceof ClusterScoped theirs ? mine.name().compareTo(theirs.name()) : 1;
    };
  }
}
