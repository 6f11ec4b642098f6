package io.egressgateway.node.uplink;

import io.egressgateway.core.model.IpAddress;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What is known of the uplink. It is lost without a carrier, or when every next hop that ever
 * answered has left the last {@value #MISSES_MAX} questions in a row unanswered. A next hop that
 * never answered says nothing: some do not.
 *
 * @param hops by address
 */
record UplinkHealth(Carrier carrier, SortedMap<IpAddress, Hop> hops) {
  static final int MISSES_MAX = 3;

  /** What the driver sees. */
  enum Carrier {
    PRESENT,
    ABSENT
  }

  /** Whether a next hop has ever answered. */
  enum Voice {
    UNHEARD,
    HEARD
  }

  /**
   * @param unanswered questions in a row, the one under way included
   */
  record Hop(Voice voice, int unanswered) {
    static final Hop NEW = new Hop(Voice.UNHEARD, 0);

    boolean isSilent() {
      return voice == Voice.HEARD && unanswered > MISSES_MAX;
    }
  }

  UplinkHealth {
    hops = Collections.unmodifiableSortedMap(new TreeMap<>(hops));
  }

  /** Of a link with a carrier and no next hop. */
  static UplinkHealth unknown() {
    return new UplinkHealth(Carrier.PRESENT, new TreeMap<>());
  }

  UplinkHealth with(Carrier seen) {
    return new UplinkHealth(seen, hops);
  }

  /** With exactly these next hops. */
  UplinkHealth withHops(SortedSet<IpAddress> addresses) {
    SortedMap<IpAddress, Hop> kept = new TreeMap<>();
    addresses.forEach(address -> kept.put(address, hops.getOrDefault(address, Hop.NEW)));
    return new UplinkHealth(carrier, kept);
  }

  /** Each of them is being asked. */
  UplinkHealth asked() {
    SortedMap<IpAddress, Hop> waiting = new TreeMap<>();
    hops.forEach(
        (address, hop) -> waiting.put(address, new Hop(hop.voice(), hop.unanswered() + 1)));
    return new UplinkHealth(carrier, waiting);
  }

  UplinkHealth answered(IpAddress address) {
    if (!hops.containsKey(address)) {
      return this;
    }
    SortedMap<IpAddress, Hop> heard = new TreeMap<>(hops);
    heard.put(address, new Hop(Voice.HEARD, 0));
    return new UplinkHealth(carrier, heard);
  }

  /** Why it is lost; empty if it is not. */
  Optional<String> trouble() {
    if (carrier == Carrier.ABSENT) {
      return Optional.of("no carrier");
    }
    SortedMap<IpAddress, Hop> heard = new TreeMap<>(hops);
    heard.values().removeIf(hop -> hop.voice() == Voice.UNHEARD);
    return !heard.isEmpty() && heard.values().stream().allMatch(Hop::isSilent)
        ? Optional.of("next hop " + heard.keySet() + " does not answer")
        : Optional.empty();
  }
}
