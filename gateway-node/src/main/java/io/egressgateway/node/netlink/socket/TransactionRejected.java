package io.egressgateway.node.netlink.socket;

import java.util.List;

/**
 * A transaction was undone as a whole. It reads as its first failure; {@link #failures} has all
 * that the kernel reported, in the order of the messages.
 */
public final class TransactionRejected extends NetlinkException {
  private static final long serialVersionUID = 1L;

  private final transient List<NetlinkException> failures;

  /**
   * @param failures at least one
   */
  TransactionRejected(List<NetlinkException> failures) {
    super(failures.get(0).operation(), failures.get(0).answer());
    this.failures = List.copyOf(failures);
  }

  /** Every message that was refused. */
  public List<NetlinkException> failures() {
    return failures;
  }
}
