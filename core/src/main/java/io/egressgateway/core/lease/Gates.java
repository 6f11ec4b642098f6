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
 * @param held those of the open ones that stay open after the deadline, until a later write
 * @param deadlineNanos on the clock that the core is driven by: at this time all other gates close
 *     by themselves. If it has passed they are closed
 */
public record Gates(
    long version, SortedSet<IpAddress> open, SortedSet<IpAddress> held, long deadlineNanos) {

  /**
   * Copies the sets.
   *
   * @throws IllegalArgumentException if something is held that is not open
   */
  public Gates {
    open = Collections.unmodifiableSortedSet(new TreeSet<>(open));
    held = Collections.unmodifiableSortedSet(new TreeSet<>(held));
    if (!open.containsAll(held)) {
      throw new IllegalArgumentException("held but not open: " + held + " of " + open);
    }
  }

  /** All of these close at the deadline. */
  public Gates(long version, SortedSet<IpAddress> open, long deadlineNanos) {
    this(version, open, Collections.emptySortedSet(), deadlineNanos);
  }

  /** As they are after the deadline: what is held is open, and nothing else. */
  public Gates lapsed(long nowNanos) {
    return new Gates(version, held, held, nowNanos);
  }

  /** Whether something closes at the deadline. */
  public boolean isLeaseBound() {
    return open.size() > held.size();
  }
}
