package io.egressgateway.load.sim;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether authorities dismiss nodes that keep their lease and are not heard of.
 *
 * @param timeout after how long; far shorter than anybody would choose, so that it happens
 * @param seeds one in so many does so; 0 means none
 */
record Staleness(Duration timeout, int seeds) {

  static Staleness never() {
    return new Staleness(Duration.ZERO, 0);
  }

  Optional<Duration> of(long seed) {
    return seeds > 0 && seed % seeds == 0 ? Optional.of(timeout) : Optional.empty();
  }
}
