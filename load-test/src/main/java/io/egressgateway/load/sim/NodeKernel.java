package io.egressgateway.load.sim;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The kernel of one node: gates, those of them that need no lease, one lease element with a
 * time-out, and the ticket without which a late write is not taken. It runs on when the agent does
 * not.
 */
final class NodeKernel {
  /** What a write is to make of the gates, and for whom. */
  record Write(Gates gates, NodeSession session, SortedMap<IpAddress, Epoch> grants) {}

  private final World world;
  private final int node;
  private final double rate;
  private SortedMap<IpAddress, Epoch> open = Collections.emptySortedMap();
  private SortedMap<IpAddress, Epoch> held = Collections.emptySortedMap();
  private Optional<NodeSession> session = Optional.empty();
  private Audit.Limit openUntil = Audit.Limit.NONE;
  private long ticketUntil = Long.MIN_VALUE;
  private long writes;

  NodeKernel(World world, int node, double machineRate) {
    this.world = world;
    this.node = node;
    // The kernel's timer follows a clock that NTP steers; the agent's does not.
    double steering = world.physics().clocks().steering();
    this.rate = machineRate * (1 + world.chance().signed() * steering);
  }

  /** Puts the ticket in, for that long. */
  void addTicket(long timeoutNanos) {
    ticketUntil = world.agenda().now() + span(timeoutNanos);
  }

  /** Whether the ticket was there; it is not any more. */
  boolean takeTicket() {
    boolean valid = world.agenda().now() < ticketUntil;
    ticketUntil = Long.MIN_VALUE;
    return valid;
  }

  /** One transaction: these gates, for that long. */
  void write(Write write, long timeoutNanos) {
    long number = ++writes;
    long now = world.agenda().now();
    boolean timed = world.physics().fence() != Physics.Fence.PROCESS_ONLY;
    boolean lives = timeoutNanos > 0;
    SortedMap<IpAddress, Epoch> all = openOf(write);
    SortedMap<IpAddress, Epoch> withoutLease = new TreeMap<>(all);
    withoutLease.keySet().retainAll(write.gates().held());
    replace(lives ? all : withoutLease, withoutLease);
    world.audit().heldOpen(write, held);
    if (leaseBound().isEmpty()) {
      return;
    }
    openUntil = world.audit().gatesOpen(write, leaseBound());
    session = Optional.of(write.session());
    if (timed) {
      world
          .agenda()
          .at(
              now + span(timeoutNanos),
              () -> {
                if (number == writes) {
                  lapse();
                }
              });
    }
  }

  private void lapse() {
    writes++;
    world.trace("kernel {} closes what needs a lease", node);
    replace(held, held);
  }

  private SortedMap<IpAddress, Epoch> leaseBound() {
    SortedMap<IpAddress, Epoch> bound = new TreeMap<>(open);
    bound.keySet().removeAll(held.keySet());
    return bound;
  }

  /** Whoever starts on this node begins with closed gates; so does a machine that went down. */
  void close(String reason) {
    writes++;
    if (!open.isEmpty()) {
      world.trace("kernel {} closes all: {}", node, reason);
    }
    replace(Collections.emptySortedMap(), Collections.emptySortedMap());
  }

  /** The session that gates which need a lease are open under. */
  Optional<NodeSession> session() {
    return leaseBound().isEmpty() ? Optional.empty() : session;
  }

  private void replace(SortedMap<IpAddress, Epoch> next, SortedMap<IpAddress, Epoch> withoutLease) {
    if (!leaseBound().isEmpty()) {
      world.audit().wereOpen(name(), openUntil);
    }
    SortedMap<IpAddress, Epoch> before = open;
    open = next;
    held = withoutLease;
    for (IpAddress address : before.keySet()) {
      if (!next.containsKey(address)) {
        world.trace("kernel {} closes {}", node, address);
        world.holds().closed(world.eip(address), node);
      }
    }
    for (IpAddress address : next.keySet()) {
      if (!before.containsKey(address)) {
        world.trace("kernel {} opens {} epoch {}", node, address, next.get(address));
        world.holds().opened(world.eip(address), node);
      }
    }
  }

  private SortedMap<IpAddress, Epoch> openOf(Write write) {
    SortedMap<IpAddress, Epoch> gates = new TreeMap<>();
    for (IpAddress address : write.gates().open()) {
      // What was given up by the event that decided this write is open as it was, or not yet.
      Epoch before = open.getOrDefault(address, Epoch.ZERO);
      gates.put(address, write.grants().getOrDefault(address, before));
    }
    return gates;
  }

  private String name() {
    return "node " + node + " as " + session.map(NodeSession::toString).orElse("nobody");
  }

  private long span(long timeoutNanos) {
    return (long) (timeoutNanos / rate);
  }
}
