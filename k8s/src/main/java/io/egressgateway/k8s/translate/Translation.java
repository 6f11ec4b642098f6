package io.egressgateway.k8s.translate;

import java.util.List;

/**
 * What a resource was translated to.
 *
 * @param <T> what a good resource becomes
 */
public sealed interface Translation<T> {

  /** Nothing is wrong with the resource. */
  record Valid<T>(T spec) implements Translation<T> {}

  /**
   * The resource cannot be acted on.
   *
   * @param violations everything that is wrong, at least one, in the order of the fields
   */
  record Invalid<T>(List<Violation> violations) implements Translation<T> {
    public Invalid {
      violations = List.copyOf(violations);
    }
  }
}
