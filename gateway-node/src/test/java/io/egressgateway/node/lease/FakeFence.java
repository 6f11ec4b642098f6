package io.egressgateway.node.lease;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.fence.Fence;
import io.egressgateway.node.fence.FenceAbilities;
import io.egressgateway.node.fence.Places;
import io.egressgateway.node.kernel.KernelFault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A fence that takes every write, or refuses as often as it is told to. */
final class FakeFence implements Fence {
  private final List<Gates> writes = new CopyOnWriteArrayList<>();
  private final SortedSet<IpAddress> gated = new TreeSet<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();

  private Optional<Places> places = Optional.empty();

  void refuseNext(int times) {
    refusals.set(times);
  }

  void beLateNext(int times) {
    late.set(times);
  }

  List<Gates> writes() {
    return writes;
  }

  Optional<Gates> last() {
    return writes.isEmpty() ? Optional.empty() : Optional.of(writes.getLast());
  }

  /** As they were told last. */
  Optional<Places> places() {
    return places;
  }

  SortedSet<IpAddress> gated() {
    return gated;
  }

  @Override
  public FenceAbilities abilities() {
    return new FenceAbilities(new TreeSet<>());
  }

  @Override
  public void gate(Places next) throws KernelFault {
    refuse("gate");
    gated.addAll(next.links().keySet());
    places = Optional.of(next);
  }

  @Override
  public Outcome write(Gates gates) throws KernelFault {
    refuse("write gates");
    if (late.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Outcome.CLOSED_LATE;
    }
    writes.add(gates);
    return Outcome.WRITTEN;
  }

  private void refuse(String operation) throws KernelFault {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new KernelFault(operation, "fence", "EPERM (not permitted)");
    }
  }

  @Override
  public long restored() {
    return 0;
  }

  @Override
  public Set<Integer> portIds() {
    return Set.of();
  }

  @Override
  public void close() {
    writes.add(new Gates(Long.MAX_VALUE, new TreeSet<>(), 0));
  }
}
