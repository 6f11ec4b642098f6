package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.uplink.UplinkListener;
import io.egressgateway.node.uplink.UplinkWatch;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** A lab's server as the router that asks its segments who has an address. */
final class Router {
  private Router() {}

  /** Who answers, on one of its links, for which of these addresses. */
  static SortedMap<IpAddress, MacAddress> whoAnswers(
      DatapathLab lab, String link, SortedSet<IpAddress> addresses) throws Exception {
    try (UplinkWatch watch =
        lab.server().run(() -> UplinkWatch.start(link, new Nobody(), RawClock::nanos))) {
      return new TreeMap<>(watch.probe(addresses).toCompletableFuture().get());
    }
  }

  private static final class Nobody implements UplinkListener {
    @Override
    public void uplinkLost(String reason) {
      // The router's links are no uplinks.
    }

    @Override
    public void uplinkFound() {
      // As above.
    }

    @Override
    public void addressConflict(IpAddress address, MacAddress mac) {
      throw new AssertionError("the router holds nothing");
    }
  }
}
