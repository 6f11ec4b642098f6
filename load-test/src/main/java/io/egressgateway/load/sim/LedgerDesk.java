package io.egressgateway.load.sim;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.Eip;
import io.egressgateway.policy.domain.NodeStanding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One egress IP at one authority: the product's ledger, fed with what the authority knows, and
 * journalled before anything is said (R8).
 */
final class LedgerDesk {
  private static final GatewayName GATEWAY = new GatewayName("gateway");
  private static final long PREPARED_AFTER = 60 * Chance.MILLI;
  private static final int GRANT_EVERY_SETTLINGS = 4;

  private final World world;
  private final AuthorityProcess authority;
  private final IpAddress address;
  private final List<EipEvent> known = new ArrayList<>();
  private Eip.State state = new Eip.State.Unnumbered();
  private boolean writing;
  private boolean stale;
  private Optional<NodeName> wish = Optional.empty();
  private Optional<Preparation> preparation = Optional.empty();
  private Epoch opened = Epoch.ZERO;
  private long settlings;

  private record Preparation(NodeSession target, long sinceNanos) {}

  LedgerDesk(World world, AuthorityProcess authority, IpAddress address) {
    this.world = world;
    this.authority = authority;
    this.address = address;
  }

  IpAddress address() {
    return address;
  }

  Eip.State state() {
    return state;
  }

  List<EipEvent> known() {
    return List.copyOf(known);
  }

  /** The session that may hold it. */
  Optional<NodeSession> owner() {
    return Eip.ownership(state).map(Eip.Ownership::session);
  }

  /** The session that may hold it whatever becomes of its lease. */
  Optional<NodeSession> holderWithoutLease() {
    return Eip.ownership(state)
        .filter(owner -> owner.onLoss() == WitnessLoss.HOLD)
        .map(Eip.Ownership::session);
  }

  /** The session that may hold it as long as it has its lease. */
  Optional<NodeSession> holderByLease() {
    return Eip.ownership(state)
        .filter(owner -> owner.onLoss() == WitnessLoss.CLOSE)
        .map(Eip.Ownership::session);
  }

  boolean isPlannedAt(NodeName node) {
    return owner().map(NodeSession::node).filter(node::equals).isPresent()
        || (state instanceof Eip.State.Moving moving && moving.next().session().node().equals(node))
        || preparation
            .map(Preparation::target)
            .map(NodeSession::node)
            .filter(node::equals)
            .isPresent();
  }

  void wish(NodeName node) {
    wish = Optional.of(node);
  }

  void opened(Epoch epoch, NodeSession session) {
    if (epoch.compareTo(opened) > 0) {
      opened = epoch;
    }
    Epoch last = Eip.epoch(state);
    if (epoch.compareTo(last) > 0 && !writing) {
      // Somebody else has written: what is known here is old.
      reload();
      return;
    }
    boolean over = Eip.ownership(state).isEmpty() && epoch.equals(last);
    if (epoch.compareTo(last) < 0 || over) {
      authority.askRelease(new AgentLeaseCore.Event.ReleaseAsked(address, epoch, session));
    }
  }

  void released(Epoch epoch, NodeSession session) {
    if (authority.isActive() && !writing && !stale) {
      decide(
          withoutGivingItBack(intent()),
          new Eip.Command.Stopped(epoch, new OwnershipProof.ReleaseAcknowledged(session)));
    }
  }

  /** A session that gave it back unasked gets it again only if the next look still says so. */
  private Eip.Intent withoutGivingItBack(Eip.Intent intent) {
    boolean unasked =
        state instanceof Eip.State.Owned owned
            && intent instanceof Eip.Intent.At at
            && at.session().equals(owned.ownership().session());
    return unasked ? new Eip.Intent.Unknown() : intent;
  }

  /** Reads the journal and forgets what it believed; without database, tries again later. */
  void reload() {
    if (!world.journal().isReachable(authority)) {
      stale = true;
      return;
    }
    stale = false;
    known.clear();
    state = new Eip.State.Unnumbered();
    take(world.journal().read(address));
  }

  private void take(List<EipEvent> events) {
    for (EipEvent event : events) {
      state = world.physics().succession().evolve(state, event);
      known.add(event);
    }
  }

  /** Does what there is to do now. */
  void settle() {
    if (writing) {
      return;
    }
    if (stale) {
      reload();
      if (stale) {
        return;
      }
    }
    settlings++;
    Optional<OwnershipProof> over = Eip.ownership(state).flatMap(this::end);
    if (over.isPresent()) {
      decide(intent(), new Eip.Command.SessionOver(over.get()));
    } else if (state instanceof Eip.State.Releasing releasing) {
      askRelease(releasing.ownership());
    } else if (state instanceof Eip.State.Moving moving) {
      // The product decides nothing here.
      decide(intent(), new Eip.Command.Steer());
      if (!writing) {
        askRelease(moving.ownership());
      }
    } else {
      steer();
    }
  }

  private void askRelease(Eip.Ownership owner) {
    authority.askRelease(
        new AgentLeaseCore.Event.ReleaseAsked(address, owner.epoch(), owner.session()));
  }

  private void steer() {
    Eip.Intent intent = intent();
    Optional<NodeSession> target = Eip.target(state, intent);
    if (target.isEmpty()) {
      preparation = Optional.empty();
      decide(intent, new Eip.Command.Steer());
      regrant();
      return;
    }
    if (preparation.map(Preparation::target).filter(target.get()::equals).isEmpty()) {
      preparation = Optional.of(new Preparation(target.get(), authority.localNow()));
    } else if (authority.localNow() - preparation.get().sinceNanos() >= PREPARED_AFTER) {
      decide(intent, new Eip.Command.Move());
    }
  }

  private void regrant() {
    if (!writing && settlings % GRANT_EVERY_SETTLINGS == 0) {
      Eip.ownership(state)
          .filter(
              owner ->
                  // What is held may be given up by an agent that starts anew: it is asked again.
                  owner.epoch().compareTo(opened) > 0 || onLoss() == WitnessLoss.HOLD)
          .ifPresent(this::grant);
    }
  }

  private void grant(Eip.Ownership owner) {
    authority.grant(
        new AgentLeaseCore.Event.Granted(address, owner.epoch(), owner.session(), onLoss()));
  }

  private WitnessLoss onLoss() {
    return world.onLoss(address);
  }

  private Eip.Intent at(NodeSession session) {
    boolean forgets = world.physics().journal() == Physics.Journal.FORGETS_WHAT_IS_HELD;
    return new Eip.Intent.At(GATEWAY, session, forgets ? WitnessLoss.CLOSE : onLoss());
  }

  private Optional<OwnershipProof> end(Eip.Ownership owner) {
    return authority.proof(owner.session(), owner.onLoss());
  }

  /** What a gateway would want: it stays where it is if it can, else it goes where it can. */
  private Eip.Intent intent() {
    Optional<Eip.Ownership> owner = Eip.ownership(state);
    Optional<NodeSession> wished = wish.flatMap(this::usable);
    if (wished.isPresent()) {
      if (owner.filter(mine -> mine.session().equals(wished.get())).isPresent()) {
        wish = Optional.empty();
      }
      return at(wished.get());
    }
    wish = Optional.empty();
    if (owner.filter(this::keeps).isPresent()) {
      return at(present(owner.get()));
    }
    Optional<NodeSession> place = authority.place(address);
    if (place.isPresent()) {
      return at(place.get());
    }
    return owner.filter(this::isAtWork).isPresent()
        ? at(owner.get().session())
        : new Eip.Intent.Nowhere();
  }

  /** The session that answers for what the owner holds. */
  private NodeSession present(Eip.Ownership owner) {
    return authority
        .standing(owner.session())
        .usable()
        .filter(now -> owner.onLoss() == WitnessLoss.HOLD && now.isLaterThan(owner.session()))
        .orElse(owner.session());
  }

  /** Whether it holds what it has, though it should be relieved. */
  private boolean isAtWork(Eip.Ownership owner) {
    return end(owner).isEmpty()
        && authority.standing(owner.session()).kind() != NodeStanding.Kind.UPLINK_DOWN;
  }

  private Optional<NodeSession> usable(NodeName node) {
    return world.agents().stream()
        .filter(agent -> agent.nodeName.equals(node))
        .map(agent -> authority.standing(new NodeSession(node, "any", 0)))
        .flatMap(standing -> standing.usable().stream())
        .findFirst();
  }

  private boolean keeps(Eip.Ownership owner) {
    NodeStanding standing = authority.standing(owner.session());
    boolean known = standing.session().filter(owner.session()::equals).isPresent();
    boolean otherBoot =
        standing.session().filter(now -> !now.isSameBootAs(owner.session())).isPresent();
    boolean holds = owner.onLoss() == WitnessLoss.HOLD;
    return end(owner).isEmpty()
        && switch (standing.kind()) {
          case LEASED, HELD_DOWN, SILENT -> !(holds && otherBoot);
          case HOLDING -> holds && !otherBoot;
          case UNLEASED -> !known;
          case LEAVING, UPLINK_DOWN -> false;
        };
  }

  private void decide(Eip.Intent intent, Eip.Command command) {
    List<EipEvent> events = world.physics().succession().decide(state, intent, command);
    if (events.isEmpty()) {
      return;
    }
    Eip.entrusted(state, events).map(Eip.State.Owned::ownership).ifPresent(this::grant);
    writing = true;
    world
        .journal()
        .append(
            authority,
            address,
            new Journal.Append(known, events),
            result -> written(result, events));
  }

  private void written(Journal.Result result, List<EipEvent> events) {
    writing = false;
    switch (result) {
      case WRITTEN -> {
        take(events);
        preparation = Optional.empty();
        if (state instanceof Eip.State.Owned(var number, Eip.Ownership owner)) {
          grant(owner);
        }
        settle();
      }
      // R8: whoever lost reads again, and does not write the same once more.
      case CONFLICT, UNKNOWN -> reload();
    }
    authority.publish();
  }
}
