package io.egressgateway.policy.entity;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what entities say to whoever watches. */
final class RecordedWatch implements EngineWatch {
  private final List<OwnershipProof> proofs = new CopyOnWriteArrayList<>();
  private final List<String> releases = new CopyOnWriteArrayList<>();
  private final List<NodeName> denials = new CopyOnWriteArrayList<>();
  private final AtomicInteger takeovers = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();

  /** Each egress IP that nobody had for a time, and its gateway. */
  List<String> releases() {
    return releases;
  }

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
  public void assigned(IpAddress eip, EipAssigned assigned) {
    proofs.add(assigned.proof());
  }

  @Override
  public void released(IpAddress eip, GatewayName gateway, EipReleased released) {
    releases.add(eip + " of " + gateway);
  }

  /** The nodes whose sessions were denied. */
  List<NodeName> denials() {
    return denials;
  }

  @Override
  public void denied(NodeName node) {
    denials.add(node);
  }

  @Override
  public void takenOver(Duration took) {
    takeovers.incrementAndGet();
  }
}
