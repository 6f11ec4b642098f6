package io.egressgateway.node.survey;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PortShortage;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many ports of egress IPs are in use, by destination. One port serves any number of
 * destinations, but one connection to each: so each has all ports for itself. Not thread-safe.
 */
final class PortUse {

  /**
   * The ports that the kernel chooses from when the pod's own is taken: of the same kind as that
   * one (nf_nat_l4proto_unique_tuple of net/netfilter/nf_nat_core.c).
   */
  enum Range {
    RESERVED(1, 511),
    PRIVILEGED(600, 1023),
    COMMON(1024, 65_535);

    private final int first;
    private final int last;

    Range(int first, int last) {
      this.first = first;
      this.last = last;
    }

    int size() {
      return last - first + 1;
    }
  }

  /** Where an egress IP has ports of its own. */
  private record Destination(PortShortage place, Range range) {}

  /** The kernel tries some ports at random, and finds none before the last one is taken. */
  private static final double SHORT_FROM = 0.97;

  /** Not short any more. */
  private static final double ENOUGH_BELOW = 0.90;

  private final Map<Destination, Integer> used = new HashMap<>();

  /**
   * Adds a connection.
   *
   * @param destination as the egress IP's packets reach it
   * @param port that the egress IP has for it
   */
  void add(PortShortage destination, int port) {
    for (Range range : Range.values()) {
      if (port >= range.first && port <= range.last) {
        used.merge(new Destination(destination, range), 1, Integer::sum);
      }
    }
  }

  /** Of each egress IP, the most ports that are in use for one destination. */
  SortedMap<IpAddress, Integer> mostUsed() {
    SortedMap<IpAddress, Integer> most = new TreeMap<>();
    used.forEach((where, count) -> most.merge(where.place().eip(), count, Math::max));
    return Collections.unmodifiableSortedMap(most);
  }

  /**
   * For which destinations there are none left.
   *
   * @param before when this was last asked: what was short is so until a tenth is free again
   */
  SortedSet<PortShortage> shortages(Set<PortShortage> before) {
    SortedSet<PortShortage> now = new TreeSet<>();
    used.forEach(
        (where, count) -> {
          double limit = before.contains(where.place()) ? ENOUGH_BELOW : SHORT_FROM;
          if (count >= limit * where.range().size()) {
            now.add(where.place());
          }
        });
    return Collections.unmodifiableSortedSet(now);
  }
}
