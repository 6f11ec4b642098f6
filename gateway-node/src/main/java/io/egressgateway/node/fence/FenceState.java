package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the tables hold besides their rules.
 *
 * @param gated every address that ever had a gate here: it only grows, because a flow that an
 *     address was given up under may still be known to the kernel's connection tracking
 * @param open of those
 * @param held of those that are open the ones that need no lease
 * @param uplink the device whose egress is fenced too, if the kernel can
 * @param tunnel the device by which packets come from other nodes, once it is there
 */
record FenceState(
    SortedSet<IpAddress> gated,
    SortedSet<IpAddress> open,
    SortedSet<IpAddress> held,
    Optional<String> uplink,
    Optional<String> tunnel) {
  FenceState(SortedSet<IpAddress> gated, SortedSet<IpAddress> open, Optional<String> uplink) {
    this(gated, open, new TreeSet<>(), uplink, Optional.empty());
  }

  FenceState {
    gated = Collections.unmodifiableSortedSet(new TreeSet<>(gated));
    open = Collections.unmodifiableSortedSet(new TreeSet<>(open));
    held = Collections.unmodifiableSortedSet(new TreeSet<>(held));
  }

  FenceState withGated(SortedSet<IpAddress> more) {
    SortedSet<IpAddress> all = new TreeSet<>(gated);
    all.addAll(more);
    return new FenceState(all, open, held, uplink, tunnel);
  }

  /**
   * With exactly these open, which need a gate as well.
   *
   * @param withoutLease of those
   */
  FenceState withOpen(SortedSet<IpAddress> opened, SortedSet<IpAddress> withoutLease) {
    return new FenceState(withGated(opened).gated, opened, withoutLease, uplink, tunnel);
  }

  /** As it is when the lease is over. */
  FenceState lapsed() {
    return withOpen(held, held);
  }

  FenceState withUplink(Optional<String> device) {
    return new FenceState(gated, open, held, device, tunnel);
  }

  FenceState withTunnel(Optional<String> device) {
    return new FenceState(gated, open, held, uplink, device);
  }
}
