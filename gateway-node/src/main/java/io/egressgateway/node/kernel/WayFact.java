package io.egressgateway.node.kernel;

import java.util.Optional;
import java.util.function.Function;

/**
 * Something on the way of a packet, as it should be and as it is.
 *
 * @param subject what it is, for people
 * @param planned what it should be
 * @param found what it is
 */
public record WayFact(String subject, String planned, String found, Agreement agreement) {
  private static final String NOTHING = "nothing";

  /** Whether what is there is what should be. */
  public enum Agreement {
    AS_PLANNED,
    DIFFERS
  }

  /** Two values of one thing; equal ones agree. */
  static <T> WayFact of(
      String subject, Optional<T> planned, Optional<T> found, Function<T, String> text) {
    return new WayFact(
        subject,
        planned.map(text).orElse(NOTHING),
        found.map(text).orElse(NOTHING),
        agreement(planned.equals(found)));
  }

  /** How it is called that something holds or not. */
  public static Agreement agreement(boolean holds) {
    return holds ? Agreement.AS_PLANNED : Agreement.DIFFERS;
  }
}
