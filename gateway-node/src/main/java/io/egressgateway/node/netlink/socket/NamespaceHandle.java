package io.egressgateway.node.netlink.socket;

/**
 * An open descriptor of a network namespace.
 *
 * @param fd valid until closed
 */
public record NamespaceHandle(int fd) implements AutoCloseable {
  @Override
  public void close() {
    SystemCalls.close(fd);
  }
}
