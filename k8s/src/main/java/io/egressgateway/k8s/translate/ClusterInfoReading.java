package io.egressgateway.k8s.translate;

import java.util.List;

/**
 * What was read of an EgressClusterInfo. What is wrong with it takes nothing else away: a
 * destination that is listed beside a misspelt one is spared.
 *
 * @param good what of it can be read; all of it where there are no violations
 * @param violations everything that is wrong, in the order of the fields
 */
public record ClusterInfoReading(ClusterInfoSpec good, List<Violation> violations) {

  public ClusterInfoReading {
    violations = List.copyOf(violations);
  }

  /** Whether it can be acted on as it was meant. */
  public Translation<ClusterInfoSpec> translation() {
    return violations.isEmpty()
        ? new Translation.Valid<>(good)
        : new Translation.Invalid<>(violations);
  }
}
