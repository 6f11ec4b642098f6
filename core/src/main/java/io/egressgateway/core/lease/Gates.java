package io.egressgateway.core.lease;

import io.egressgateway.core.model.IpAddress;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All gates of the node, as the kernel is to have them. A write replaces what was there.
 *
 * @param version grows with each decision; a writer drops what is older than it has written (R11)
 * @param open addresses that may be answered for and sent from; all others that were ever prepared
 *     may not
 * @param deadlineNanos on the clock that the core is driven by: at this time all gates close by
 *     themselves. One that has passed is a closed gate
 */
public record Gates(long version, SortedSet<IpAddress> open, long deadlineNanos) {
  public Gates {
    open = Collections.unmodifiableSortedSet(new TreeSet<>(open));
  }

  /** Nothing is open. */
  public static Gates closed(long version, long nowNanos) {
    return new Gates(version, new TreeSet<>(), nowNanos);
  }
}
