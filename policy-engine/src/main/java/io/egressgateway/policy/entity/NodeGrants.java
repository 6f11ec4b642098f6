package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.domain.Node;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is under way between a node and its agent about egress IPs: which shall be ready, which
 * gates are open, which are being closed. None of it is journalled; all of it is asked for again.
 */
final class NodeGrants {
  /** Addresses that are ready for nothing. More are not taken: who asked goes on without. */
  private static final int PREPARED_MAX = 10_000;

  /** Longer than any move takes. */
  private static final Duration PREPARED_FOR = Duration.ofSeconds(30);

  private record Prepared(EipNumber number, long untilNanos, boolean told) {}

  /** A gate whose closing the agent has not confirmed. */
  record Releasing(Epoch epoch, NodeSession session, WitnessLoss onLoss) {

    /** Of an address that ends with the session's lease. */
    Releasing(Epoch epoch, NodeSession session) {
      this(epoch, session, WitnessLoss.CLOSE);
    }
  }

  private record Opened(Epoch epoch, NodeSession session) {}

  private final TreeMap<IpAddress, Prepared> prepared = new TreeMap<>();
  private final TreeMap<IpAddress, Releasing> releasing = new TreeMap<>();
  private final TreeMap<IpAddress, EipNumber> numbers = new TreeMap<>();
  private final TreeMap<IpAddress, Opened> opened = new TreeMap<>();

  /** The node starts anew from its journal. */
  void clear() {
    releasing.clear();
    opened.clear();
  }

  /** The address shall be ready; whether the plan changes by it. */
  boolean prepare(IpAddress address, EipNumber number, long nowNanos) {
    if (prepared.size() >= PREPARED_MAX && !prepared.containsKey(address)) {
      return false;
    }
    Prepared entry = new Prepared(number, nowNanos + PREPARED_FOR.toNanos(), false);
    return prepared.put(address, entry) == null;
  }

  /** Forgets what was made ready in vain; whether the plan changes by it. */
  boolean sweep(long nowNanos) {
    return prepared.values().removeIf(entry -> nowNanos - entry.untilNanos() > 0);
  }

  /** The addresses that the agent's kernel has now, and whoever waits for it was not told of. */
  SortedSet<IpAddress> ready(Optional<NodePlan> applied) {
    TreeSet<IpAddress> ready = new TreeSet<>();
    if (applied.isPresent()) {
      SortedMap<EipNumber, IpAddress> inKernel = applied.get().ownership().held();
      prepared.replaceAll(
          (address, entry) -> {
            if (entry.told() || !address.equals(inKernel.get(entry.number()))) {
              return entry;
            }
            ready.add(address);
            return new Prepared(entry.number(), entry.untilNanos(), true);
          });
    }
    return ready;
  }

  /** What the plan has: granted, about to be granted, or about to be given back. */
  SortedMap<EipNumber, IpAddress> inPlan(Node.State state) {
    TreeMap<EipNumber, IpAddress> inPlan = new TreeMap<>();
    prepared.forEach((address, entry) -> inPlan.put(entry.number(), address));
    releasing
        .keySet()
        .forEach(
            address ->
                Optional.ofNullable(numbers.get(address))
                    .ifPresent(number -> inPlan.put(number, address)));
    state.held().forEach((address, grant) -> inPlan.put(grant.number(), address));
    return inPlan;
  }

  /** The gate is to be closed, after the grant was taken back. */
  void release(IpAddress address, Releasing release, Optional<Node.Grant> taken) {
    releasing.put(address, release);
    opened.remove(address);
    taken.ifPresent(grant -> numbers.put(address, grant.number()));
  }

  /** The gate is closed, or whoever could have it open is no more. */
  void released(IpAddress address, NodeSession session) {
    Releasing release = releasing.get(address);
    if (release != null && release.session().equals(session)) {
      releasing.remove(address);
      numbers.remove(address);
    }
    Opened open = opened.get(address);
    if (open != null && open.session().equals(session)) {
      opened.remove(address);
    }
    prepared.remove(address);
  }

  SortedMap<IpAddress, Releasing> releasing() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(releasing));
  }

  void opened(IpAddress address, NodeSession session, Epoch epoch) {
    opened.put(address, new Opened(epoch, session));
    prepared.remove(address);
  }

  boolean isOpen(IpAddress address, NodeSession session, Epoch epoch) {
    return new Opened(epoch, session).equals(opened.get(address));
  }

  private boolean isOpen(IpAddress address, Node.Grant grant) {
    return isOpen(address, grant.session(), grant.epoch());
  }

  /** What is granted and not known to be open. */
  SortedMap<IpAddress, Node.Grant> unopened(Node.State state) {
    TreeMap<IpAddress, Node.Grant> unopened = new TreeMap<>();
    state
        .held()
        .forEach(
            (address, grant) -> {
              if (!isOpen(address, grant)) {
                unopened.put(address, grant);
              }
            });
    return unopened;
  }

  /** Whether the agent has something to confirm still. */
  boolean awaitsAgent(Node.State state) {
    return !releasing.isEmpty()
        || opened.size() < state.held().size()
        || state.held().entrySet().stream()
            .anyMatch(held -> !isOpen(held.getKey(), held.getValue()));
  }

  /**
   * What may be open without a lease may have been closed by an agent that started anew: it has to
   * be confirmed again.
   */
  void doubtHeldOn(Node.State state) {
    state
        .held()
        .forEach(
            (address, grant) -> {
              if (grant.onLoss() == WitnessLoss.HOLD) {
                opened.remove(address);
              }
            });
  }

  /** What the agent does not say again is not known to be open. */
  void doubt() {
    opened.clear();
  }

  /** The sessions that may have a gate open without a lease. */
  SortedSet<NodeSession> holding(Node.State state) {
    TreeSet<NodeSession> holding = new TreeSet<>(state.holding());
    releasing.values().stream()
        .filter(release -> release.onLoss() == WitnessLoss.HOLD)
        .forEach(release -> holding.add(release.session()));
    return holding;
  }

  /** The sessions that may have a gate open that ends with their lease. */
  SortedSet<NodeSession> ending(Node.State state) {
    TreeSet<NodeSession> ending = new TreeSet<>(state.closing());
    releasing.values().stream()
        .filter(release -> release.onLoss() == WitnessLoss.CLOSE)
        .forEach(release -> ending.add(release.session()));
    return ending;
  }

  /** The sessions that may still have a gate open. */
  SortedSet<NodeSession> bound(Node.State state) {
    TreeSet<NodeSession> bound = new TreeSet<>(state.bound());
    releasing.values().forEach(release -> bound.add(release.session()));
    return bound;
  }

  /** What hangs on the session, granted or being given back, and is freed by the proof. */
  SortedSet<IpAddress> boundTo(Node.State state, NodeSession session, OwnershipProof proof) {
    TreeSet<IpAddress> bound = new TreeSet<>();
    state
        .held()
        .forEach(
            (address, grant) -> {
              if (grant.session().equals(session) && proof.frees(grant.onLoss())) {
                bound.add(address);
              }
            });
    releasing.forEach(
        (address, release) -> {
          if (release.session().equals(session) && proof.frees(release.onLoss())) {
            bound.add(address);
          }
        });
    return bound;
  }
}
