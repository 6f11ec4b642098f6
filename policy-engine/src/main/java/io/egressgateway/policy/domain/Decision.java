package io.egressgateway.policy.domain;

import java.util.List;

/**
 * What was decided: facts to journal, and what they mean for whoever asked.
 *
 * @param <E> the kind of fact
 * @param <O> the kind of answer; it holds only once the facts are journalled
 */
public record Decision<E, O>(List<E> events, O outcome) {
  public Decision {
    events = List.copyOf(events);
  }

  /** Nothing happened. */
  public static <E, O> Decision<E, O> nothing(O outcome) {
    return new Decision<>(List.of(), outcome);
  }
}
