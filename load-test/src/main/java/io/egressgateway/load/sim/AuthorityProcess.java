package io.egressgateway.load.sim;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.lease.WitnessCore;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.AuthorityCore;
import io.egressgateway.policy.domain.AuthorityCore.Effect;
import io.egressgateway.policy.domain.AuthorityCore.Event;
import io.egressgateway.policy.domain.NodeStanding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A controller: the product's authority of each node and its ledger of each egress IP. Two of these
 * may be at work at once, each with its own view; only the journal keeps them apart.
 */
final class AuthorityProcess extends SimProcess {
  private static final long TICK = 50 * Chance.MILLI;
  private static final int PLAN_EVERY_TICKS = 10;

  /** Whether it believes that the egress IPs are its own. */
  private boolean active;

  private final List<LedgerDesk> desks = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private final Map<NodeSession, OwnershipProof> proofs = new HashMap<>();
  private long ticks;

  /** What it knows of a node. */
  private final class Watch {
    private final AgentProcess agent;
    private final AuthorityCore core;
    private final Alarm alarm = new Alarm();
    private SortedSet<NodeSession> bound = Collections.emptySortedSet();
    private SortedSet<NodeSession> holding = Collections.emptySortedSet();
    private SortedSet<NodeSession> movable = Collections.emptySortedSet();
    private SortedSet<IpAddress> plan = Collections.emptySortedSet();

    Watch(AgentProcess agent) {
      this.agent = agent;
      this.core =
          new AuthorityCore(
              new AuthorityCore.Settings(
                  world.rules(),
                  world.terms(),
                  world.witnesses().size(),
                  world.controlStaleTimeout()),
              agent.nodeName,
              Collections.emptySortedSet());
    }

    void on(Event event) {
      boolean changed = false;
      for (Effect effect : core.on(event, localNow())) {
        switch (effect) {
          case Effect.AskVotes(NodeSession session, long round, Renewals renewals) ->
              ask(new WitnessCore.Event.Revoke(session, round, renewals));
          case Effect.Deny(NodeSession session) -> deny(session);
          case Effect.Revoked(OwnershipProof.EndOfSession proof) -> {
            world.trace("{}: {} is over by {}", name, proof.of(), proof);
            proofs.merge(proof.of(), proof, AuthorityProcess::stronger);
            if (proof instanceof OwnershipProof.Certificate) {
              world.audit().certified(proof.of());
            }
            changed = true;
          }
          case Effect.Fence(NodeSession session) ->
              world.network().send(AuthorityProcess.this, agent, () -> agent.fenced(session));
          case Effect.StandingChanged(NodeStanding standing) -> {
            world.trace("{}: {} is {}", name, agent.nodeName, standing);
            changed = true;
          }
          case Effect.WakeAt(long nanos) -> alarm.set(nanos, () -> on(new Event.Woken()));
        }
      }
      if (changed) {
        settleAll();
      }
    }

    /** A fact of the node's journal first; whoever does not learn what became of it tries again. */
    private void deny(NodeSession session) {
      if (active) {
        world
            .journal()
            .deny(
                AuthorityProcess.this,
                session,
                result -> {
                  if (result == Journal.Result.WRITTEN) {
                    readDenials();
                  }
                });
      }
    }

    private void readDenials() {
      on(new Event.Denied(world.journal().denied(agent.nodeName)));
    }

    private void ask(WitnessCore.Event.Revoke question) {
      for (WitnessProcess witness : world.witnesses()) {
        world
            .network()
            .send(
                AuthorityProcess.this,
                witness,
                () -> witness.revoke(AuthorityProcess.this, question, this::on));
      }
    }
  }

  AuthorityProcess(World world, int index, boolean active) {
    super(world, index, "authority " + index);
    this.active = active;
  }

  @Override
  void start() {
    proofs.clear();
    watches.clear();
    desks.clear();
    world.agents().forEach(agent -> watches.add(new Watch(agent)));
    world.addresses().forEach(address -> desks.add(new LedgerDesk(world, this, address)));
    desks.forEach(LedgerDesk::reload);
    watches.forEach(Watch::readDenials);
    tick();
  }

  boolean isActive() {
    return active && isRunning();
  }

  void activate(boolean on) {
    active = on;
  }

  List<LedgerDesk> desks() {
    return desks;
  }

  private void tick() {
    ticks++;
    settleAll();
    after(clock.trueSpan(TICK), this::tick);
  }

  /** Does what there is to do for every egress IP, if they are its own. */
  private void settleAll() {
    if (!active) {
      return;
    }
    desks.forEach(LedgerDesk::settle);
    publish();
  }

  /** Tells nodes their plans, and the watches what is bound. */
  void publish() {
    for (Watch watch : watches) {
      SortedSet<IpAddress> plan = new TreeSet<>();
      SortedSet<NodeSession> bound = new TreeSet<>();
      SortedSet<NodeSession> holding = new TreeSet<>();
      SortedSet<NodeSession> movable = new TreeSet<>();
      for (LedgerDesk desk : desks) {
        if (desk.isPlannedAt(watch.agent.nodeName)) {
          plan.add(desk.address());
        }
        desk.owner()
            .filter(session -> session.node().equals(watch.agent.nodeName))
            .ifPresent(bound::add);
        desk.holderWithoutLease()
            .filter(session -> session.node().equals(watch.agent.nodeName))
            .ifPresent(holding::add);
        desk.holderByLease()
            .filter(session -> session.node().equals(watch.agent.nodeName))
            .ifPresent(movable::add);
      }
      if (!active || !isOtherHeard(watch)) {
        movable.clear();
      }
      if (!bound.equals(watch.bound) || !holding.equals(watch.holding)) {
        watch.bound = bound;
        watch.holding = holding;
        // Not from within the watch's own event.
        after(0, () -> watch.on(new Event.Bound(watch.bound, watch.holding)));
      }
      if (!movable.equals(watch.movable)) {
        watch.movable = movable;
        after(0, () -> watch.on(new Event.Movable(watch.movable)));
      }
      if (active && (!plan.equals(watch.plan) || ticks % PLAN_EVERY_TICKS == 0)) {
        watch.plan = plan;
        long madeAt = world.agenda().now();
        world.network().send(this, watch.agent, () -> watch.agent.plan(plan, madeAt));
      }
    }
  }

  /** Whether a node other than this one is heard of and may be given addresses. */
  private boolean isOtherHeard(Watch watch) {
    return watches.stream()
        .filter(other -> other != watch)
        .anyMatch(other -> other.core.standing().usable().isPresent());
  }

  void beat(NodeSession session, Standing standing) {
    watch(session).on(new Event.Beat(session, standing));
  }

  void opened(IpAddress address, Epoch epoch, NodeSession session) {
    desks.get(world.eip(address)).opened(epoch, session);
  }

  void released(IpAddress address, Epoch epoch, NodeSession session) {
    desks.get(world.eip(address)).released(epoch, session);
  }

  /** An operator says that machines of former boots are off, if nothing else could be meant. */
  void vouch(AgentProcess agent) {
    deliver(
        () -> {
          Watch watch = watches.get(agent.node);
          SortedSet<NodeSession> fenceable = watch.core.fenceable(localNow());
          boolean asked = fenceable.stream().anyMatch(watch.holding::contains);
          if (asked && fenceable.stream().noneMatch(agent::isOfThisBoot)) {
            watch.on(new Event.Fenced("operator", "its power was cut"));
          }
        });
  }

  /** An operator's wish. */
  void move(IpAddress address, AgentProcess to) {
    deliver(() -> desks.get(world.eip(address)).wish(to.nodeName));
  }

  void grant(AgentLeaseCore.Event.Granted grant) {
    world.audit().granted(grant.address(), grant.epoch(), grant.session());
    AgentProcess agent = world.agent(grant.session());
    world.network().send(this, agent, () -> agent.granted(grant));
  }

  void askRelease(AgentLeaseCore.Event.ReleaseAsked release) {
    AgentProcess agent = world.agent(release.session());
    world.network().send(this, agent, () -> agent.releaseAsked(release));
  }

  /** Why the session cannot hold what it was granted with this. */
  Optional<OwnershipProof> proof(NodeSession session, WitnessLoss onLoss) {
    return Optional.ofNullable(proofs.get(session)).filter(proof -> proof.frees(onLoss));
  }

  private static OwnershipProof stronger(OwnershipProof one, OwnershipProof other) {
    return one.frees(WitnessLoss.HOLD) ? one : other;
  }

  /** What is known of a session's node. */
  NodeStanding standing(NodeSession session) {
    return watch(session).core.standing();
  }

  /** Where an address can go: the least loaded of the nodes that may be given any. */
  Optional<NodeSession> place(IpAddress address) {
    Optional<NodeSession> free = least(address, NodeStanding.Kind.LEASED);
    // A node that is held down is better than none.
    return free.isPresent() ? free : least(address, NodeStanding.Kind.HELD_DOWN);
  }

  private Optional<NodeSession> least(IpAddress address, NodeStanding.Kind kind) {
    Optional<NodeSession> best = Optional.empty();
    long bestLoad = Long.MAX_VALUE;
    for (int step = 0; step < watches.size(); step++) {
      Watch watch = watches.get((step + world.eip(address)) % watches.size());
      NodeStanding standing = watch.core.standing();
      long load =
          desks.stream()
              .filter(desk -> !desk.address().equals(address))
              .filter(desk -> desk.isPlannedAt(watch.agent.nodeName))
              .count();
      if (standing.kind() == kind && standing.session().isPresent() && load < bestLoad) {
        best = standing.session();
        bestLoad = load;
      }
    }
    return best;
  }

  private Watch watch(NodeSession session) {
    return watches.get(world.agent(session).node);
  }
}
