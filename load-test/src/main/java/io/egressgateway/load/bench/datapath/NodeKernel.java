package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.node.agent.NetlinkKernel;
import io.egressgateway.node.agent.Reconciliation;
import io.egressgateway.node.agent.Reconciliation.Known;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A node's kernel, written as the agent writes it, without an agent. Thread-safe. */
final class NodeKernel implements AutoCloseable {
  private final NamespaceExecutor inside;
  private final NetlinkKernel kernel;
  private final Tenure tenure;

  private NodeKernel(NamespaceExecutor inside, NetlinkKernel kernel, Tenure tenure) {
    this.inside = inside;
    this.kernel = kernel;
    this.tenure = tenure;
  }

  /**
   * Opens it.
   *
   * @param tenure of a gateway node, or of one that is none
   */
  static NodeKernel open(LabNode node, Tenure tenure) throws IOException {
    NamespaceExecutor inside = new NamespaceExecutor(node.namespace());
    try {
      return new NodeKernel(
          inside,
          inside.call(() -> NetlinkKernel.open(Optional.empty(), AddressLifetime.FOREVER)),
          tenure);
    } catch (IOException | RuntimeException e) {
      inside.close();
      throw e;
    }
  }

  /**
   * What became of a plan.
   *
   * @param took from the plan to its being in the kernel for certain
   */
  record Applied(Known known, Duration took) {}

  /** Brings the kernel to the plan; what it has already is read if it is not known. */
  Applied apply(NodePlan plan, Optional<Known> known) throws IOException {
    return inside.call(
        () -> {
          long started = System.nanoTime();
          Reconciliation done = Reconciliation.run(kernel, plan, tenure, known);
          return new Applied(done.known(), Duration.ofNanos(System.nanoTime() - started));
        });
  }

  /** Takes everything of ours away. */
  void clear() throws IOException {
    inside.call(() -> Reconciliation.clear(kernel));
  }

  @Override
  public void close() throws IOException {
    try {
      inside.call(
          () -> {
            kernel.close();
            return kernel;
          });
    } finally {
      inside.close();
    }
  }
}
