package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.fence.FoundGate;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.Elements;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.TableState;
import io.egressgateway.node.kernel.Uplink;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A kernel that takes every change, or refuses as often as it is told to. */
final class FakeKernel implements Kernel {
  private final Set<String> links = ConcurrentHashMap.newKeySet();
  private volatile KernelState state = KernelState.empty();
  private volatile Predicate<Element> overlooked = element -> false;
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger readings = new AtomicInteger();
  private final AtomicInteger readingsAround = new AtomicInteger();
  private final AtomicReference<Optional<UnaryOperator<KernelState>>> meddling =
      new AtomicReference<>(Optional.empty());
  private final AtomicInteger others = new AtomicInteger();
  private final AtomicInteger applied = new AtomicInteger();

  void refuseNext(int times) {
    refusals.set(times);
  }

  void disturb(KernelState disturbed) {
    state = disturbed;
  }

  /** Readings of everything lack these elements, as those of a growing map do. */
  void overlook(Predicate<Element> element) {
    overlooked = element;
  }

  KernelState state() {
    return state;
  }

  int applied() {
    return applied.get();
  }

  @Override
  public Uplink uplink() {
    return Plans.uplink();
  }

  @Override
  public Uplink uplinkIn(Mesh mesh) throws KernelFault {
    String missing = mesh.settings().uplink().filter(name -> !links.contains(name)).orElse("");
    if (!missing.isEmpty()) {
      throw new KernelFault("find", "uplink " + missing, "there is no such link");
    }
    return mesh.settings().uplink().map(Plans::uplink).orElseGet(Plans::uplink);
  }

  /** Adds a link that plans may name. */
  void plug(String link) {
    links.add(link);
  }

  int readings() {
    return readings.get();
  }

  /** Readings of all but the elements of single keys. */
  int readingsAround() {
    return readingsAround.get();
  }

  @Override
  public KernelState read() {
    readings.incrementAndGet();
    return state.withTable(
        state
            .table()
            .map(
                table ->
                    TableState.of(
                        table.fingerprint(),
                        table.elements().stream().filter(overlooked.negate()).toList())));
  }

  @Override
  public KernelState readAround(Elements known) {
    readingsAround.incrementAndGet();
    return state.withTable(state.table().map(table -> new TableState(table.fingerprint(), known)));
  }

  /** Somebody else commits a transaction right after ours, once, which does this to the state. */
  void meddleAfterApply(UnaryOperator<KernelState> change) {
    meddling.set(Optional.of(change));
  }

  @Override
  public int othersTransactions() {
    return others.get();
  }

  @Override
  public List<Element> elements(Set<Element.Key> keys) {
    return state.table().stream()
        .flatMap(table -> table.elements().stream())
        .filter(element -> keys.contains(element.key()))
        .toList();
  }

  @Override
  public Set<HeldAddress> held(IpFamily family) {
    return state.objects().values().stream()
        .filter(object -> object instanceof HeldAddress)
        .map(HeldAddress.class::cast)
        .filter(held -> held.address().family() == family)
        .collect(Collectors.toSet());
  }

  @Override
  public Set<KernelObject> ways(IpFamily family) {
    return state.objects().values().stream()
        .filter(
            object ->
                switch (object) {
                  case KernelObject.Route route -> route.destination().family() == family;
                  case KernelObject.RoutingRule rule -> rule.family() == family;
                  case KernelObject.TunnelBackstop rule -> rule.family() == family;
                  default -> false;
                })
        .collect(Collectors.toSet());
  }

  @Override
  public List<FoundGate> gates(IpAddress address) {
    return List.of();
  }

  @Override
  public Optional<KernelFault> apply(KernelDelta delta) throws KernelFault {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new KernelFault("put", "tunnel device egress.vxlan", "EPERM (not permitted)");
    }
    if (delta.isEmpty()) {
      return Optional.empty();
    }
    applied.incrementAndGet();
    state = delta.applyTo(state);
    Optional<UnaryOperator<KernelState>> foreign = meddling.getAndSet(Optional.empty());
    if (foreign.isPresent()) {
      others.incrementAndGet();
      state = foreign.get().apply(state);
    }
    return Optional.empty();
  }

  @Override
  public int forgetObsoleteFlows(Selection selection, KernelNumbers numbers) {
    return 0;
  }
}
