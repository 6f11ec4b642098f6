package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.time.Duration;

/**
 * Two nodes were heard for one egress IP at the same time: what must never be.
 *
 * @param earlier who had it first
 * @param later who began while the other still had it
 * @param fromNanos when the later one began, by {@link System#nanoTime}
 * @param toNanos when the two were last heard mixed
 */
public record Overlap(
    IpAddress address, NodeName earlier, NodeName later, long fromNanos, long toNanos) {

  /** How long it was seen. */
  public Duration length() {
    return Duration.ofNanos(toNanos - fromNanos);
  }

  @Override
  public String toString() {
    return "%s held by %s and %s for %.1f ms"
        .formatted(address, earlier, later, length().toNanos() / 1e6);
  }
}
