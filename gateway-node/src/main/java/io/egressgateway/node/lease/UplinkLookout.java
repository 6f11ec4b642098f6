package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.uplink.UplinkListener;
import io.egressgateway.node.uplink.UplinkWatch;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** The real lookout. */
public final class UplinkLookout implements Lookout {
  private final UplinkWatch watch;
  private final AtomicBoolean closed;

  private UplinkLookout(UplinkWatch watch, AtomicBoolean closed) {
    this.watch = watch;
    this.closed = closed;
  }

  /**
   * Puts up real lookouts.
   *
   * @param clock monotonic nanoseconds
   */
  public static Opener opener(LongSupplier clock) {
    return (uplink, sightings) -> {
      AtomicBoolean closed = new AtomicBoolean();
      return new UplinkLookout(
          UplinkWatch.start(uplink, new Passing(sightings, closed), clock), closed);
    };
  }

  /** The watch logs its reasons itself. */
  private record Passing(Sightings sightings, AtomicBoolean closed) implements UplinkListener {
    @Override
    public void uplinkLost(String reason) {
      pass(sightings::uplinkLost);
    }

    @Override
    public void uplinkFound() {
      pass(sightings::uplinkFound);
    }

    @Override
    public void addressConflict(IpAddress address, MacAddress mac) {
      pass(() -> sightings.conflict(address, mac));
    }

    private void pass(Runnable sighting) {
      if (!closed.get()) {
        sighting.run();
      }
    }
  }

  @Override
  public void hold(SortedSet<IpAddress> addresses) {
    watch.hold(addresses);
  }

  @Override
  public CompletionStage<SortedMap<IpAddress, MacAddress>> probe(SortedSet<IpAddress> addresses) {
    return watch.probe(addresses);
  }

  /** The watch's threads take up to a quarter of a second to end, and longer on a busy kernel. */
  @Override
  public void close() {
    closed.set(true);
    Thread.ofPlatform().name("lookout-end").daemon(true).start(watch::close);
  }
}
