package io.egressgateway.load.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/**
 * Waits for something to become true, by asking again and again.
 *
 * @param limit when to give up
 * @param pause between two questions
 */
public record Patience(Duration limit, Duration pause) {

  /** For what takes seconds on a slow machine. */
  public static final Patience USUAL = new Patience(Duration.ofMinutes(3), Duration.ofMillis(50));

  /** For measuring: hardly any pause. */
  public static final Patience IMPATIENT =
      new Patience(Duration.ofSeconds(30), Duration.ofMillis(1));

  /** The same failure with a message that says more. */
  public static TimeoutException explained(TimeoutException failure, String message) {
    TimeoutException explained = new TimeoutException(message);
    explained.initCause(failure);
    return explained;
  }

  /**
   * The first answer that is there.
   *
   * @param question asked by the calling thread; its exceptions end the wait
   * @throws TimeoutException if there is none in time; the message says for what was waited
   */
  public <T> T await(String what, Callable<Optional<T>> question) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.call();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("waited %d s for %s".formatted(limit.toSeconds(), what));
      }
      Thread.sleep(pause);
    }
  }
}
