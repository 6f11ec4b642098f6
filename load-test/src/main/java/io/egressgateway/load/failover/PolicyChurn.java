package io.egressgateway.load.failover;

import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.guide.GuideFiles;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Creates and deletes a second policy all the time. Thread-safe. */
public final class PolicyChurn implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(250);

  private final Lab lab;
  private final AtomicLong changes = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("policy-churn").daemon().unstarted(task));

  private PolicyChurn(Lab lab) {
    this.lab = lab;
  }

  /** Starts. */
  public static PolicyChurn start(Lab lab) {
    PolicyChurn churn = new PolicyChurn(lab);
    var unused =
        churn.clock.scheduleWithFixedDelay(
            churn::change, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
    return churn;
  }

  private void change() {
    var policy = lab.client().resource(GuideFiles.OTHER_POLICY.text());
    try {
      if (changes.getAndIncrement() % 2 == 0) {
        policy.create();
      } else {
        policy.delete();
      }
    } catch (KubernetesClientException e) {
      // The former one is still being deleted: the next turn deletes or creates it.
      changes.decrementAndGet();
    }
  }

  /** How many so far. */
  public long changes() {
    return changes.get();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    lab.client().resource(GuideFiles.OTHER_POLICY.text()).delete();
  }
}
