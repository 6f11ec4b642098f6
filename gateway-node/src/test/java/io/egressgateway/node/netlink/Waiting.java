package io.egressgateway.node.netlink;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Waits for what a kernel or another thread does soon. */
final class Waiting {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Waiting() {}

  static <T> T until(Supplier<T> observed, Predicate<T> expected) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(observed::get, expected);
  }
}
