package io.egressgateway.node.agent;

import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.node.kernel.KernelFault;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A lease that keeps what it is told, and gates whatever it is asked to. */
final class FakeLease implements NodeLease {

  /** In the order in which it happened. */
  sealed interface Told {
    record Enlisted(Enlistment enlistment) implements Told {}

    record Heard(AgentLeaseCore.Event event) implements Told {}

    record Expected(Holding next) implements Told {}

    record Ready(Holding holding) implements Told {}
  }

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();

  List<Told> told() {
    return told;
  }

  void refuseNext(int times) {
    refusals.set(times);
  }

  @Override
  public void enlist(Enlistment enlistment) {
    told.add(new Told.Enlisted(enlistment));
  }

  @Override
  public void tell(AgentLeaseCore.Event event) {
    told.add(new Told.Heard(event));
  }

  @Override
  public CompletionStage<Holding> expect(Holding next) {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return CompletableFuture.failedStage(
          new KernelFault("gate", next.addresses().toString(), "EPERM (not permitted)"));
    }
    told.add(new Told.Expected(next));
    return CompletableFuture.completedStage(next);
  }

  @Override
  public void ready(Holding holding) {
    told.add(new Told.Ready(holding));
  }
}
