package io.egressgateway.core.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whose policies a gateway serves. */
public sealed interface Tenants {

  /** Every policy. */
  record Everyone() implements Tenants {}

  /**
   * Policies of namespaces that the selector matches, and cluster policies: those are written by
   * whoever runs the cluster.
   *
   * @param namespaces that it matches; none as long as nobody has looked
   */
  record Selected(LabelSelector selector, SortedSet<String> namespaces) implements Tenants {
    public Selected {
      namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
    }

    /** None yet. */
    public static Selected by(LabelSelector selector) {
      return new Selected(selector, Collections.emptySortedSet());
    }
  }

  /** Those of these namespaces. */
  default Tenants among(SortedMap<String, Labels> namespaces) {
    return switch (this) {
      case Everyone everyone -> everyone;
      case Selected selected -> {
        TreeSet<String> matching = new TreeSet<>();
        namespaces.forEach(
            (name, labels) -> {
              if (selected.selector().matches(labels)) {
                matching.add(name);
              }
            });
        yield new Selected(selected.selector(), matching);
      }
    };
  }

  /** Whether the policy is served. */
  default boolean include(PolicyKey policy) {
    return switch (this) {
      case Everyone ignored -> true;
      case Selected selected ->
          switch (policy) {
            case PolicyKey.Namespaced key -> selected.namespaces().contains(key.namespace());
            case PolicyKey.ClusterScoped ignored -> true;
          };
    };
  }
}
