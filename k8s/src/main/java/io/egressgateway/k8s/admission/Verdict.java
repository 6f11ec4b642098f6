package io.egressgateway.k8s.admission;

import io.egressgateway.k8s.translate.Violation;
import java.util.List;

/** What a judge says. */
sealed interface Verdict {

  /**
   * The object may be stored.
   *
   * @param warnings shown to the user; the object works, but perhaps not as meant
   */
  record Allowed(List<String> warnings) implements Verdict {
    public Allowed {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The object may not be stored.
   *
   * @param message names field, value, reason and remedy
   */
  record Denied(String message, Basis basis) implements Verdict {}

  /** What a refusal rests on. */
  enum Basis {
    /** The object alone. */
    OBJECT,
    /** Other objects, too; what is known of them may be a moment old. */
    CLUSTER
  }

  static Verdict allowed() {
    return new Allowed(List.of());
  }

  static Verdict denied(List<Violation> violations, Basis basis) {
    return new Denied(Violation.sentences(violations), basis);
  }
}
