package io.egressgateway.policy.entity;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Gateway.Pursuit;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.Tenure;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a gateway still wants of the ledgers of its addresses. Nothing is sent twice between two
 * repetitions; of the addresses that are in place and shall be elsewhere a few move at a time.
 */
final class GatewayPursuits {
  /** Planned moves under way. Each costs its address a few milliseconds. */
  static final int MOVES_MAX = 128;

  private static final int HERD = 32;

  private final GatewayName name;
  private final EntityDirectory entities;
  private final GatewayNodes nodes;
  private final GatewayLedgers ledgers;
  private final TreeMap<IpAddress, Pursuit> sent = new TreeMap<>();
  private final TreeSet<IpAddress> open = new TreeSet<>();
  private final TreeSet<IpAddress> moving = new TreeSet<>();
  private final TreeSet<IpAddress> waiting = new TreeSet<>();

  GatewayPursuits(
      GatewayName name, EntityDirectory entities, GatewayNodes nodes, GatewayLedgers ledgers) {
    this.name = name;
    this.entities = entities;
    this.nodes = nodes;
    this.ledgers = ledgers;
  }

  /** Everything may be sent again: it may have been lost on the way. */
  void forgetSent() {
    sent.clear();
  }

  /** Nothing is wanted of the address any more, and its ledger has said that it agrees. */
  void forget(IpAddress address) {
    sent.remove(address);
    open.remove(address);
    moving.remove(address);
    waiting.remove(address);
  }

  /** Whether some ledger does not agree yet. */
  boolean isOpen() {
    return !open.isEmpty();
  }

  /** Whether so many do not agree that nothing should be prepared for another time. */
  boolean isHerd() {
    return open.size() > HERD;
  }

  SortedSet<IpAddress> open() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(open));
  }

  /** Sends each of these ledgers what it was not sent yet. */
  void pursue(Gateway.State state, Gateway.Observed observed, SortedSet<IpAddress> addresses) {
    addresses.forEach(address -> pursue(state, observed, address));
    // What cannot be proved while its node is silent keeps no other from moving.
    moving.removeIf(address -> ledgers.tenure(address).filter(this::isStuck).isPresent());
    while (moving.size() < MOVES_MAX && !waiting.isEmpty()) {
      pursue(state, observed, waiting.removeFirst());
    }
  }

  private void pursue(Gateway.State state, Gateway.Observed observed, IpAddress address) {
    Optional<Tenure> tenure = ledgers.tenure(address);
    Pursuit pursuit = Gateway.pursuit(state, observed, address, tenure);
    if (pursuit instanceof Pursuit.Nothing) {
      forget(address);
      return;
    }
    waiting.remove(address);
    open.add(address);
    if (pursuit.equals(sent.get(address))) {
      return;
    }
    if (pursuit instanceof Pursuit.Assign && isCarried(tenure) && !moving.contains(address)) {
      if (moving.size() >= MOVES_MAX) {
        waiting.add(address);
        return;
      }
      moving.add(address);
    }
    sent.put(address, pursuit);
    send(address, pursuit);
  }

  /** Whether the address works where it is: it need not move at once. */
  private boolean isCarried(Optional<Tenure> tenure) {
    return tenure
        .filter(told -> told.holding() instanceof Holding.Programmed)
        .filter(
            told ->
                told.isHeldOn()
                    || told.session().filter(session -> !nodes.isOver(session)).isPresent())
        .filter(told -> !isStuck(told))
        .isPresent();
  }

  private boolean isStuck(Tenure tenure) {
    return tenure.session().filter(nodes::isSilent).isPresent();
  }

  private void send(IpAddress address, Pursuit pursuit) {
    switch (pursuit) {
      case Pursuit.Nothing ignored -> {}
      case Pursuit.Assign assign ->
          entities.eip(address).tell(new EipEntity.Assign(name, assign.session(), assign.onLoss()));
      case Pursuit.Unassign ignored -> entities.eip(address).tell(new EipEntity.Unassign(name));
      case Pursuit.Inquire ignored -> entities.eip(address).tell(new EipEntity.Inquire(name));
    }
  }
}
