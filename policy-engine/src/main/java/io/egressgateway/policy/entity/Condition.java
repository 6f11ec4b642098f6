package io.egressgateway.policy.entity;

import java.util.Comparator;

/**
 * One line of an object's {@code status.conditions}. When it last changed is for the writer to say.
 *
 * @param type in CamelCase; one condition of a type per object
 * @param reason one word in CamelCase
 * @param message for people: names the object or field and, where there is one, the remedy
 */
public record Condition(String type, Status status, String reason, String message)
    implements Comparable<Condition> {

  /** The type that says whether the object does what it is for. */
  public static final String READY = "Ready";

  /** The values that Kubernetes knows; a condition that is absent is unknown. */
  public enum Status {
    TRUE,
    FALSE
  }

  private static final Comparator<Condition> ORDER =
      Comparator.comparing(Condition::type)
          .thenComparing(Condition::status)
          .thenComparing(Condition::reason)
          .thenComparing(Condition::message);

  /** The object does what it is for. */
  public static Condition ready(String reason, String message) {
    return new Condition(READY, Status.TRUE, reason, message);
  }

  /** The object does not do what it is for. */
  public static Condition notReady(String reason, String message) {
    return new Condition(READY, Status.FALSE, reason, message);
  }

  @Override
  public int compareTo(Condition other) {
    return ORDER.compare(this, other);
  }
}
