package io.egressgateway.node.netlink.socket;

/** What was to run within a namespace failed with a checked exception, which is the cause. */
public final class NamespaceTaskFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NamespaceTaskFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
