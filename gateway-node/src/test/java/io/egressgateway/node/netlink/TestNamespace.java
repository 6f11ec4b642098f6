package io.egressgateway.node.netlink;

import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace that a test makes and removes. */
final class TestNamespace implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final NetworkNamespace namespace =
      NetworkNamespace.create(
          "egw-test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());

  NetworkNamespace namespace() {
    return namespace;
  }

  RouteNetlink route() {
    return namespace.run(() -> RouteNetlink.open(SocketLimits.REQUESTS));
  }

  ConntrackNetlink conntrack() {
    return namespace.run(() -> ConntrackNetlink.open(SocketLimits.REQUESTS));
  }

  NftNetlink nft() {
    return namespace.run(() -> NftNetlink.open(SocketLimits.REQUESTS));
  }

  @Override
  public void close() {
    namespace.delete();
  }
}
