package io.egressgateway.node.flow;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What couriers of tests tell others with. */
public final class Replications {
  private Replications() {}

  /** In the network namespace of the process: for those who replicate nothing. */
  public static FlowCourier.Replication idle() {
    return new FlowCourier.Replication(
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("replication").daemon(true).factory()),
        new ReplicationFigures(),
        System::nanoTime);
  }

  /** In the network namespace of the executor's thread. */
  public static FlowCourier.Replication on(
      ScheduledExecutorService executor, ReplicationFigures figures) {
    return new FlowCourier.Replication(executor, figures, System::nanoTime);
  }
}
