package io.egressgateway.k8s.watch;

import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.domain.SpecVersion;
import java.util.List;
import java.util.Optional;

/**
 * How an object stands.
 *
 * @param violations of the spec that the API has; empty when it is good
 * @param inForce the last good spec of the object, or what is good of it. A bad change takes
 *     nothing away: what was in force stays in force until the object is corrected or deleted
 * @param <T> what a good resource becomes
 */
record Standing<T>(List<Violation> violations, Optional<InForce<T>> inForce) {

  /** A good spec, and which version of the object it is from. */
  record InForce<T>(SpecVersion version, T spec) {}

  Standing {
    violations = List.copyOf(violations);
  }

  static <T> Standing<T> unknown() {
    return new Standing<>(List.of(), Optional.empty());
  }

  /** The standing once the object is this. */
  Standing<T> after(SpecVersion version, Translation<T> translation) {
    return switch (translation) {
      case Translation.Valid<T> valid ->
          new Standing<>(List.of(), Optional.of(new InForce<>(version, valid.spec())));
      case Translation.Invalid<T> invalid ->
          // Another uid is another object: what its predecessor was allowed is over.
          new Standing<>(
              invalid.violations(),
              inForce.filter(last -> last.version().uid().equals(version.uid())));
    };
  }
}
