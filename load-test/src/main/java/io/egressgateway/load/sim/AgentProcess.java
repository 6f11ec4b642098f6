package io.egressgateway.load.sim;

import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.lease.AgentLeaseCore.Effect;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.lease.WitnessCore;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The agent of one node: the product's core, what it prepares in the kernel, and its writes. */
final class AgentProcess extends SimProcess {
  static final String NODE_PREFIX = "node";

  private static final long TICKET = 50 * Chance.MILLI;
  private static final double TICKET_SHARE = 0.1;
  private static final long LATE = 5 * Chance.MILLI;
  private static final int STARTS_SHIFT = 32;

  final int node;
  final NodeName nodeName;
  final NodeKernel kernel;
  private final Alarm alarm = new Alarm();
  private AgentLeaseCore core;
  private int boots = 1;
  private long starts;
  private SortedSet<IpAddress> planned = Collections.emptySortedSet();
  private long plannedAt;
  private boolean uplinkLost;
  private long lastVersion;
  private final List<Event> waiting = new ArrayList<>();
  private final Deque<Event> written = new ArrayDeque<>();

  AgentProcess(World world, int index, int node) {
    super(world, index, "agent " + node);
    this.node = node;
    this.nodeName = new NodeName(NODE_PREFIX + node);
    this.kernel = new NodeKernel(world, node, clock.rate());
    this.core = new AgentLeaseCore(world.rules(), session());
  }

  /** Whether the machine that the session is of has been on since. */
  boolean isOfThisBoot(NodeSession session) {
    return session.isSameBootAs(session());
  }

  private NodeSession session() {
    return new NodeSession(nodeName, "boot" + boots, starts << STARTS_SHIFT);
  }

  @Override
  void start() {
    starts++;
    // R7: what a dead process left open is closed before the new one speaks.
    kernel.close("adoption");
    core = new AgentLeaseCore(world.rules(), session());
    planned = Collections.emptySortedSet();
    lastVersion = 0;
    waiting.clear();
    written.clear();
    if (uplinkLost) {
      on(new Event.UplinkLost());
    }
    on(new Event.Enlisted(world.terms(), world.witnesses().size()));
  }

  /** The machine goes down, and with it everything. */
  void crashNode(long backAfter) {
    if (isUp()) {
      kernel.close("power off");
      boots++;
      starts = 0;
      uplinkLost = false;
      crash(backAfter);
    }
  }

  /** SIGTERM: it ends when it holds nothing any more, or after a while. */
  void leave(long patience) {
    deliver(
        () -> {
          on(new Event.Leaving());
          awaitHandover(world.agenda().now() + patience);
        });
  }

  private void awaitHandover(long end) {
    if (core.held().isEmpty() || world.agenda().now() >= end) {
      crash(200 * Chance.MILLI);
    } else {
      after(20 * Chance.MILLI, () -> awaitHandover(end));
    }
  }

  void uplink(boolean lost) {
    uplinkLost = lost;
    deliver(() -> on(lost ? new Event.UplinkLost() : new Event.UplinkFound()));
  }

  /**
   * The controllers' plan: addresses to have ready.
   *
   * @param madeAt orders plans, as their revisions do; one that comes late is dropped
   */
  void plan(SortedSet<IpAddress> addresses, long madeAt) {
    if (madeAt < plannedAt) {
      return;
    }
    plannedAt = madeAt;
    if (!planned.equals(addresses)) {
      planned = addresses;
      if (core.standing() != Standing.UNLEASED) {
        prepareSoon();
      }
    }
  }

  private void prepareSoon() {
    after(
        world.chance().between(Chance.MILLI, 15 * Chance.MILLI),
        () -> {
          if (core.standing() != Standing.UNLEASED) {
            on(new Event.Prepared(planned));
          }
        });
  }

  void promised(int witness, long incarnation, long sequence) {
    on(new Event.Promised(witness, incarnation, sequence));
  }

  void nacked(int witness, long incarnation) {
    on(new Event.Nacked(witness, incarnation));
  }

  /** Grants wait a moment for one another, and for whatever else comes. */
  void granted(Event.Granted grant) {
    waiting.add(grant);
    if (waiting.size() == 1) {
      after(world.chance().between(Chance.MICRO, Chance.MILLI), this::tell);
    }
  }

  void releaseAsked(Event.ReleaseAsked release) {
    on(release);
  }

  void fenced(NodeSession session) {
    on(new Event.Fenced(session));
  }

  private void on(Event event) {
    waiting.add(event);
    tell();
  }

  private void tell() {
    if (!waiting.isEmpty()) {
      List<Event> together = List.copyOf(waiting);
      waiting.clear();
      follow(core.on(together, localNow()).iterator());
    }
  }

  private void follow(Iterator<Effect> effects) {
    while (effects.hasNext()) {
      switch (effects.next()) {
        case Effect.WriteGates(Gates gates) -> {
          // The thread does nothing else until the kernel has answered.
          write(gates, effects);
          return;
        }
        case Effect.Renew renew -> renew(renew);
        case Effect.Beat(NodeSession session, Standing standing) ->
            world
                .authorities()
                .forEach(
                    authority ->
                        world
                            .network()
                            .send(this, authority, () -> authority.beat(session, standing)));
        case Effect.Opened(IpAddress address, Epoch epoch, NodeSession session) ->
            world
                .authorities()
                .forEach(
                    authority ->
                        world
                            .network()
                            .send(
                                this, authority, () -> authority.opened(address, epoch, session)));
        case Effect.Released(IpAddress address, Epoch epoch, NodeSession session) -> {
          world.trace("{} released {} epoch {}", name, address, epoch);
          world.audit().released(address, epoch, session);
          world
              .authorities()
              .forEach(
                  authority ->
                      world
                          .network()
                          .send(
                              this, authority, () -> authority.released(address, epoch, session)));
        }
        case Effect.SessionChanged(NodeSession session, Standing standing) ->
            changed(session, standing);
        case Effect.WakeAt(long nanos) -> alarm.set(nanos, () -> on(new Event.Woken()));
      }
    }
    if (!written.isEmpty()) {
      on(written.removeFirst());
    }
  }

  private void renew(Effect.Renew renew) {
    long sentAt = world.agenda().now();
    world.audit().renewed(node, renew.session());
    WitnessCore.Event.Renew request =
        new WitnessCore.Event.Renew(renew.session(), renew.sequence(), renew.lease());
    for (WitnessProcess witness : world.witnesses()) {
      world.network().send(this, witness, () -> witness.renew(this, request, sentAt));
    }
  }

  private void changed(NodeSession session, Standing standing) {
    world.trace("{} is {} as {}", name, standing, session);
    if (standing == Standing.UNLEASED) {
      after(
          Chance.MICRO,
          () -> {
            if (core.standing() == Standing.UNLEASED) {
              on(new Event.Prepared(Collections.emptySortedSet()));
            }
          });
    } else {
      prepareSoon();
    }
  }

  private void write(Gates gates, Iterator<Effect> rest) {
    SortedMap<IpAddress, Epoch> grants = new TreeMap<>(core.held());
    NodeKernel.Write write = new NodeKernel.Write(gates, core.session(), grants);
    if (gates.version() < lastVersion) {
      follow(rest);
      return;
    }
    lastVersion = gates.version();
    switch (world.physics().fence()) {
      case RECHECKED_TIMEOUT, PROCESS_ONLY -> compute(write, rest);
      case TICKETED_TIMEOUT -> ticket(write, rest);
    }
  }

  /** R12 with a ticket: what follows has to be in the kernel before the ticket runs out. */
  private void ticket(NodeKernel.Write write, Iterator<Effect> rest) {
    long left = write.gates().deadlineNanos() - localNow();
    kernel.addTicket(Math.clamp((long) (left * TICKET_SHARE), 0, TICKET));
    step(() -> compute(write, rest));
  }

  /** R12: the time-out is computed right before the write; the process may be stopped between. */
  private void compute(NodeKernel.Write write, Iterator<Effect> rest) {
    long computedAt = localNow();
    long left = write.gates().deadlineNanos() - computedAt;
    long timeout = (long) (left * world.physics().clocks().kernelShare());
    step(() -> commit(write, timeout, computedAt, rest));
  }

  private void commit(
      NodeKernel.Write write, long timeout, long computedAt, Iterator<Effect> rest) {
    boolean ticketed = world.physics().fence() == Physics.Fence.TICKETED_TIMEOUT;
    if (ticketed && timeout > 0 && !kernel.takeTicket()) {
      step(() -> ticket(write, rest));
      return;
    }
    kernel.write(write, timeout);
    step(() -> acknowledged(write, computedAt, rest));
  }

  private void acknowledged(NodeKernel.Write write, long computedAt, Iterator<Effect> rest) {
    boolean checked = world.physics().fence() == Physics.Fence.RECHECKED_TIMEOUT;
    if (checked && localNow() - computedAt > LATE) {
      compute(write, rest);
      return;
    }
    written.add(new Event.GatesWritten(write.gates().version()));
    follow(rest);
  }

  /** One step of a write: takes a moment, and now and then the process is stopped within it. */
  private void step(Runnable next) {
    Chance chance = world.chance();
    boolean stopped = world.isHostile() && chance.oneIn(3_000);
    halt(stopped ? chance.between(0, 6 * Chance.SECOND) : chance.between(20_000, 120_000), next);
  }
}
