package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Uplink;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A kernel that takes every change, or refuses as often as it is told to. */
final class FakeKernel implements Kernel {
  private volatile KernelState state = KernelState.empty();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger applied = new AtomicInteger();
  private final List<IpAddress> announced = new CopyOnWriteArrayList<>();

  void refuseNext(int times) {
    refusals.set(times);
  }

  void disturb(KernelState disturbed) {
    state = disturbed;
  }

  KernelState state() {
    return state;
  }

  int applied() {
    return applied.get();
  }

  List<IpAddress> announced() {
    return announced;
  }

  @Override
  public Uplink uplink() {
    return Plans.uplink();
  }

  @Override
  public KernelState read() {
    return state;
  }

  @Override
  public List<Element> elements(Set<LookupSet> sets) {
    return state.table().stream()
        .flatMap(table -> table.elements().values().stream())
        .filter(element -> sets.contains(element.set()))
        .toList();
  }

  @Override
  public void apply(KernelDelta delta) throws KernelFault {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new KernelFault("put", "tunnel device egress.vxlan", "EPERM (not permitted)");
    }
    if (delta.isEmpty()) {
      return;
    }
    applied.incrementAndGet();
    state = delta.applyTo(state);
  }

  @Override
  public void announce(Uplink uplink, IpAddress address) {
    announced.add(address);
  }
}
