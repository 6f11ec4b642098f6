package io.egressgateway.node.netlink.socket;

/** The tables changed during each attempt to read them, so every list read may be incomplete. */
public final class DumpInterrupted extends NetlinkException {
  private static final long serialVersionUID = 1L;

  DumpInterrupted(String operation, int attempts) {
    super(operation + ": changed during each of " + attempts + " dumps", Errno.EINTR);
  }
}
