package io.egressgateway.node.netlink.wire.route;

import java.util.OptionalLong;

/**
 * How long the kernel keeps an address: a lease that runs out by itself.
 *
 * @param validSeconds until it is removed, above 0; empty is for ever
 * @param preferredSeconds until it is no longer chosen as a source, 0 is at once; empty is for ever
 */
public record AddressLifetime(OptionalLong validSeconds, OptionalLong preferredSeconds) {
  /** Kept until deleted. */
  public static final AddressLifetime FOREVER =
      new AddressLifetime(OptionalLong.empty(), OptionalLong.empty());

  private static final long SECONDS_MAX = 0xfffffffeL;

  /**
   * @throws IllegalArgumentException if a number is out of range or preferred outlasts valid
   */
  public AddressLifetime {
    long valid = validSeconds.orElse(Long.MAX_VALUE);
    long preferred = preferredSeconds.orElse(Long.MAX_VALUE);
    boolean outOfRange =
        validSeconds.orElse(1) < 1
            || validSeconds.orElse(1) > SECONDS_MAX
            || preferredSeconds.orElse(0) < 0
            || preferredSeconds.orElse(0) > SECONDS_MAX;
    if (outOfRange || preferred > valid) {
      throw new IllegalArgumentException(
          "lifetime valid %s preferred %s: preferred may not outlast valid, neither 0xfffffffe s"
              .formatted(validSeconds, preferredSeconds));
    }
  }

  /** Valid and preferred for the same time. */
  public static AddressLifetime seconds(long seconds) {
    return new AddressLifetime(OptionalLong.of(seconds), OptionalLong.of(seconds));
  }

  /** Valid for a time and never chosen as a source by itself. */
  public static AddressLifetime secondsNotPreferred(long validSeconds) {
    return new AddressLifetime(OptionalLong.of(validSeconds), OptionalLong.of(0));
  }

  /** Kept until deleted and never chosen as a source by itself. */
  public static AddressLifetime foreverNotPreferred() {
    return FOREVER.notPreferred();
  }

  /** As long, and never chosen as a source by itself. */
  AddressLifetime notPreferred() {
    return new AddressLifetime(validSeconds, OptionalLong.of(0));
  }
}
