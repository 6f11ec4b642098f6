package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.node.fence.NftFence;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.socket.RawClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What we enforce, the gates of a lease that runs for hours included. */
final class OurTables implements AutoCloseable {
  private static final Duration LEASE = Duration.ofHours(12);
  private static final String UPLINK = "eth0";

  private final NodePlans plans;
  private final NodeKernel worker;
  private final NodeKernel gateway;
  private final NamespaceExecutor atFence;
  private final NftFence fence;
  private long gatesVersion;

  private OurTables(Chain chain) throws IOException {
    this.plans = new NodePlans(chain);
    this.worker = NodeKernel.open(chain.worker(), Tenure.UNLEASED);
    this.gateway = NodeKernel.open(chain.gateway(), Tenure.LEASED);
    this.atFence = new NamespaceExecutor(chain.gateway().namespace());
    this.fence = atFence.call(() -> NftFence.open(RawClock::nanos));
  }

  static OurTables build(Chain chain) throws IOException {
    return new OurTables(chain);
  }

  /**
   * Replaces whatever is enforced.
   *
   * @param times how often the pod's node does it, from empty, at least 1
   * @return how long that took each time
   * @throws IOException if a kernel refuses
   */
  List<Duration> load(PolicyScale scale, int times) throws IOException {
    NodePlan holding = plans.gateway(scale);
    SortedSet<IpAddress> held = new TreeSet<>(holding.ownership().held().values());
    atFence.call(
        () -> {
          fence.gate(Places.on(UPLINK, held));
          return held;
        });
    gateway.apply(holding, Optional.empty());
    atFence.call(
        () -> fence.write(new Gates(++gatesVersion, held, RawClock.nanos() + LEASE.toNanos())));
    NodePlan sending = plans.worker(scale, scale.pods());
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      worker.clear();
      took.add(worker.apply(sending, Optional.empty()).took());
    }
    return took;
  }

  /** The gateway node's. */
  NodeKernel gateway() {
    return gateway;
  }

  /** The pod's node, for changes one by one. */
  NodeKernel worker() {
    return worker;
  }

  /** What the nodes of the chain would be told. */
  NodePlans plans() {
    return plans;
  }

  @Override
  public void close() throws IOException {
    try (atFence;
        worker;
        gateway) {
      atFence.call(
          () -> {
            fence.close();
            return fence;
          });
    }
  }
}
