package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/** Looks out on one uplink: whether it leads anywhere, and whether others claim our addresses. */
public interface Lookout extends AutoCloseable {

  /** Where news goes; called by any thread. */
  interface Sightings {
    /** Nothing that leaves by the uplink arrives anywhere. */
    void uplinkLost();

    /** It leads somewhere again. */
    void uplinkFound();

    /** Another host claims an address that this node has. */
    void conflict(IpAddress address, MacAddress mac);
  }

  /** Puts up lookouts. */
  @FunctionalInterface
  interface Opener {
    /**
     * Begins to look, in the calling thread's network namespace.
     *
     * @param uplink name of the link
     */
    Lookout open(String uplink, Sightings sightings);
  }

  /** These addresses, and no others, are ours on the segment. */
  void hold(SortedSet<IpAddress> addresses);

  /**
   * Asks whether anybody has these addresses, without claiming them; takes some 50 ms.
   *
   * @return who answered, by address; never fails
   */
  CompletionStage<SortedMap<IpAddress, MacAddress>> probe(SortedSet<IpAddress> addresses);

  /** Returns at once. What is seen from then on is told to nobody. */
  @Override
  void close();
}
