package io.egressgateway.node.netlink.wire.nft;

import java.time.Duration;
import java.util.Optional;

/**
 * How long an element lives; milliseconds count.
 *
 * @param timeout from when it was added; empty is the set's own
 * @param expiration what is left; when written it starts there instead of at the timeout
 */
public record ElementLifetime(Optional<Duration> timeout, Optional<Duration> expiration) {
  /** As long as the set says. */
  public static final ElementLifetime OF_SET =
      new ElementLifetime(Optional.empty(), Optional.empty());

  /** This long from now. */
  public static ElementLifetime of(Duration timeout) {
    return new ElementLifetime(Optional.of(timeout), Optional.empty());
  }
}
