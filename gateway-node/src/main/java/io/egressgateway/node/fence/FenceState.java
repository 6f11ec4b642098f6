package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the tables hold besides their rules.
 *
 * @param gated every address that ever had a gate here: it only grows, because a flow that an
 *     address was given up under may still be known to the kernel's connection tracking
 * @param open of those
 * @param held of those that are open the ones that need no lease
 * @param placed names of the links that answer for them; no other link does
 * @param devices links whose egress is fenced too, if the kernel can
 * @param tunnel the device by which packets come from other nodes, once it is there
 */
record FenceState(
    SortedSet<IpAddress> gated,
    SortedSet<IpAddress> open,
    SortedSet<IpAddress> held,
    SortedMap<IpAddress, String> placed,
    SortedSet<String> devices,
    Optional<String> tunnel) {
  static final FenceState EMPTY =
      new FenceState(
          new TreeSet<>(),
          new TreeSet<>(),
          new TreeSet<>(),
          new TreeMap<>(),
          new TreeSet<>(),
          Optional.empty());

  FenceState {
    gated = Collections.unmodifiableSortedSet(new TreeSet<>(gated));
    open = Collections.unmodifiableSortedSet(new TreeSet<>(open));
    held = Collections.unmodifiableSortedSet(new TreeSet<>(held));
    placed = Collections.unmodifiableSortedMap(new TreeMap<>(placed));
    devices = Collections.unmodifiableSortedSet(new TreeSet<>(devices));
  }

  FenceState withGated(SortedSet<IpAddress> more) {
    SortedSet<IpAddress> all = new TreeSet<>(gated);
    all.addAll(more);
    return new FenceState(all, open, held, placed, devices, tunnel);
  }

  /** With gates for all of these, which answer there and nowhere else. */
  FenceState withPlaced(SortedMap<IpAddress, String> links) {
    SortedSet<IpAddress> all = new TreeSet<>(gated);
    all.addAll(links.keySet());
    return new FenceState(all, open, held, links, devices, tunnel);
  }

  /**
   * With exactly these open, which need a gate as well.
   *
   * @param withoutLease of those
   */
  FenceState withOpen(SortedSet<IpAddress> opened, SortedSet<IpAddress> withoutLease) {
    return new FenceState(withGated(opened).gated, opened, withoutLease, placed, devices, tunnel);
  }

  /** As it is when the lease is over. */
  FenceState lapsed() {
    return withOpen(held, held);
  }

  FenceState withDevices(SortedSet<String> links) {
    return new FenceState(gated, open, held, placed, links, tunnel);
  }

  FenceState withTunnel(Optional<String> device) {
    return new FenceState(gated, open, held, placed, devices, device);
  }
}
