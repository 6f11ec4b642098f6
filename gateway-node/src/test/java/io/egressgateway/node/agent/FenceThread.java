package io.egressgateway.node.agent;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.node.fence.NftFence;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.RawClock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A fence in a node of a lab, with the thread that it belongs to. */
final class FenceThread implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("lease").daemon(true).factory());
  private final NftFence fence;

  FenceThread(NetworkNamespace node) throws Exception {
    executor.submit(node::enter).get();
    fence = executor.submit(() -> NftFence.open(RawClock::nanos)).get();
  }

  NftFence fence() {
    return fence;
  }

  void gate(Places places) throws Exception {
    executor
        .submit(
            () -> {
              fence.gate(places);
              return fence;
            })
        .get();
  }

  void write(Gates gates) throws Exception {
    executor.submit(() -> fence.write(gates)).get();
  }

  @Override
  public void close() {
    executor.execute(fence::close);
    executor.close();
  }
}
