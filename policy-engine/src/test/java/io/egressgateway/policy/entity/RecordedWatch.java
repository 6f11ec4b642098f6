package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what entities say to whoever watches. */
final class RecordedWatch implements EngineWatch {
  private final List<OwnershipProof> proofs = new CopyOnWriteArrayList<>();
  private final AtomicInteger takeovers = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();

  List<OwnershipProof> proofs() {
    return proofs;
  }

  int takeovers() {
    return takeovers.get();
  }

  int writes() {
    return writes.get();
  }

  @Override
  public void journalled(Duration took) {
    writes.incrementAndGet();
  }

  @Override
  public void assigned(OwnershipProof proof) {
    proofs.add(proof);
  }

  @Override
  public void takenOver(Duration took) {
    takeovers.incrementAndGet();
  }
}
