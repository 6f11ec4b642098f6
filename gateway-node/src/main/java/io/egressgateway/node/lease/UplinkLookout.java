package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.uplink.UplinkListener;
import io.egressgateway.node.uplink.UplinkWatch;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The real lookout.
 *
 * @param watch of one uplink
 */
public record UplinkLookout(UplinkWatch watch) implements Lookout {

  /**
   * Puts up real lookouts.
   *
   * @param clock monotonic nanoseconds
   */
  public static Opener opener(LongSupplier clock) {
    return (uplink, sightings) ->
        new UplinkLookout(UplinkWatch.start(uplink, new Passing(sightings), clock));
  }

  /** The watch logs its reasons itself. */
  private record Passing(Sightings sightings) implements UplinkListener {
    @Override
    public void uplinkLost(String reason) {
      sightings.uplinkLost();
    }

    @Override
    public void uplinkFound() {
      sightings.uplinkFound();
    }

    @Override
    public void addressConflict(IpAddress address, MacAddress mac) {
      sightings.conflict(address, mac);
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

  @Override
  public void close() {
    watch.close();
  }
}
