package io.egressgateway.policy.domain;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NodeEvent.EipGranted;
import io.egressgateway.core.event.NodeEvent.EipWithdrawn;
import io.egressgateway.core.event.NodeEvent.NodeRegistered;
import io.egressgateway.core.event.NodeEvent.NodeRemoved;
import io.egressgateway.core.event.NodeEvent.RevisionsReserved;
import io.egressgateway.core.event.NodeEvent.SessionDenied;
import io.egressgateway.core.event.NodeEvent.SessionRevoked;
import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A node: its place in the mesh, the egress IPs that its sessions may hold, the sessions that are
 * over, and how far the revisions of its plans are used up.
 */
public final class Node {
  /**
   * Boots whose last revoked session is remembered. A session of an older boot has long lost its
   * lease, and its agent is no more.
   */
  private static final int REVOCATIONS_MAX = 32;

  private Node() {}

  /** Whether the node is in the mesh. */
  public sealed interface Membership {
    /** It was never seen. */
    record Unseen() implements Membership {}

    /** It is the machine of this uid. */
    record Registered(String uid, TunnelIdentity tunnel) implements Membership {}

    /** Its object was deleted. The machine may be on, and hold what it was granted. */
    record Removed() implements Membership {}
  }

  /** An egress IP that a session of the node may hold. */
  public record Grant(EipNumber number, Epoch epoch, NodeSession session, WitnessLoss onLoss) {

    /** One that ends with the session's lease. */
    public Grant(EipNumber number, Epoch epoch, NodeSession session) {
      this(number, epoch, session, WitnessLoss.CLOSE);
    }
  }

  /** A session that is over, and why that is certain. */
  public record Revocation(NodeSession session, OwnershipProof proof) {}

  /** The highest epoch of an address that the node was told of: what is not above is late. */
  public record Told(Epoch epoch, Kind kind) {

    /** What became of that epoch here. */
    public enum Kind {
      GRANTED,
      /** Its session is told to stop, whether or not it was granted before. */
      WITHDRAWN
    }
  }

  /**
   * What is journalled of a node.
   *
   * @param revoked of each boot the last session that is over, and the last that an operator
   *     vouched for; the latest revocation last
   * @param denied of each boot the last session that gets nothing any more, and is not over
   * @param reserved no plan with a higher revision has ever been offered
   */
  public record State(
      Membership membership,
      Grants grants,
      List<Revocation> revoked,
      SortedSet<NodeSession> denied,
      Revision reserved) {
    public State {
      revoked = List.copyOf(revoked);
      denied = Collections.unmodifiableSortedSet(new TreeSet<>(denied));
    }

    /** A node that was never seen. */
    public static State empty() {
      return new State(
          new Membership.Unseen(),
          new Grants(new TreeMap<>(), new TreeMap<>()),
          List.of(),
          Collections.emptySortedSet(),
          Revision.ZERO);
    }

    State with(Membership other) {
      return new State(other, grants, revoked, denied, reserved);
    }

    State with(Grants other) {
      return new State(membership, other, revoked, denied, reserved);
    }

    State with(SortedSet<NodeSession> other) {
      return new State(membership, grants, revoked, other, reserved);
    }

    /** Whether the session gets nothing any more, though it may not be over. */
    public boolean isDenied(NodeSession session) {
      return denied.stream().anyMatch(one -> one.covers(session));
    }

    /** The egress IPs that sessions of the node may hold. */
    public SortedMap<IpAddress, Grant> held() {
      return grants.held();
    }

    /** The sessions that hold something, as far as is known here. */
    public SortedSet<NodeSession> bound() {
      return grants.holders().all();
    }

    /** The sessions that hold something that the end of their lease frees. */
    public SortedSet<NodeSession> closing() {
      return Collections.unmodifiableSortedSet(new TreeSet<>(grants.holders().closing().keySet()));
    }

    /** The sessions that hold something that the end of their lease does not free. */
    public SortedSet<NodeSession> holding() {
      return Collections.unmodifiableSortedSet(new TreeSet<>(grants.holders().lasting().keySet()));
    }

    /** Why the session cannot hold what it was granted with this; empty as long as it may. */
    public Optional<OwnershipProof> end(NodeSession session, WitnessLoss onLoss) {
      return switch (onLoss) {
        case CLOSE -> end(session);
        case HOLD -> fenced(session);
      };
    }

    /** Of one boot the last session vouched for is over with all before it: the machine was off. */
    private Optional<OwnershipProof> fenced(NodeSession session) {
      for (Revocation revocation : revoked) {
        if (revocation.session().covers(session)
            && revocation.proof() instanceof OwnershipProof.FenceAsserted fence) {
          return Optional.of(new OwnershipProof.FenceAsserted(session, fence.by(), fence.reason()));
        }
      }
      return Optional.empty();
    }

    /** Why the session is over; it may hold on to what needs no lease. */
    public Optional<OwnershipProof> end(NodeSession session) {
      for (Revocation revocation : revoked) {
        if (revocation.session().equals(session)) {
          return Optional.of(revocation.proof());
        }
        if (revocation.session().isLaterThan(session)) {
          return Optional.of(new OwnershipProof.LaterIncarnation(session, revocation.session()));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * The egress IPs of a node.
   *
   * @param held what sessions of the node may hold
   * @param told of each address the newest that the node was told
   */
  public record Grants(
      SortedMap<IpAddress, Grant> held, SortedMap<IpAddress, Told> told, Holders holders) {
    public Grants {
      held = PersistentMap.copyOf(held);
      told = PersistentMap.copyOf(told);
    }

    Grants(SortedMap<IpAddress, Grant> held, SortedMap<IpAddress, Told> told) {
      this(held, told, Holders.of(held.values()));
    }

    /** The newest that the node was told of the address. */
    public Told told(IpAddress address) {
      return told.getOrDefault(address, new Told(Epoch.ZERO, Told.Kind.WITHDRAWN));
    }
  }

  /** What can be asked. */
  public sealed interface Command {
    /** The node exists. */
    record Observe(String uid, TunnelIdentity tunnel) implements Command {}

    /** The node does not exist. */
    record Remove() implements Command {}

    /** The session may hold the address. */
    record GrantEip(IpAddress address, Grant grant) implements Command {}

    /** It is not to be granted; see {@link GrantEip}. */
    record RefuseEip(IpAddress address, Grant grant) implements Command {}

    /** The session shall not hold the address. */
    record WithdrawEip(IpAddress address, Epoch epoch, NodeSession session, WitnessLoss onLoss)
        implements Command {

      /** Of an address that ends with the session's lease. */
      public WithdrawEip(IpAddress address, Epoch epoch, NodeSession session) {
        this(address, epoch, session, WitnessLoss.CLOSE);
      }
    }

    /** The session is over. */
    record Revoke(OwnershipProof proof) implements Command {}

    /** The session keeps its lease and was not heard of for too long. */
    record Deny(NodeSession session) implements Command {}

    /** Plans need revisions above the reserved ones. */
    record ReserveRevisions(Revision upTo) implements Command {}
  }

  /** What the command meant. */
  public enum Outcome {
    /** The state is as the command wants it. */
    CURRENT,
    /** It is about an epoch that is over. */
    STALE,
    /** The session may have been granted the address, and is to be told to stop. */
    WITHDRAWN,
    /** The session is over: see {@link State#end}. */
    SESSION_OVER
  }

  /** Decides; see {@link Decision}. */
  public static Decision<NodeEvent, Outcome> decide(State state, Command command, Instant now) {
    return switch (command) {
      case Command.Observe observe -> observe(state, observe, now);
      case Command.Remove ignored -> remove(state, now);
      case Command.GrantEip(IpAddress address, Grant grant) ->
          state.membership() instanceof Membership.Removed || state.isDenied(grant.session())
              ? refuse(state, address, grant, now)
              : grant(state, address, grant, now);
      case Command.RefuseEip(IpAddress address, Grant grant) -> refuse(state, address, grant, now);
      case Command.WithdrawEip withdraw -> withdraw(state, withdraw, now);
      case Command.Revoke(OwnershipProof proof) -> revoke(state, proof, now);
      case Command.Deny(NodeSession session) ->
          state.end(session).isPresent() || state.isDenied(session)
              ? Decision.nothing(Outcome.CURRENT)
              : decided(new SessionDenied(session, now), Outcome.CURRENT);
      case Command.ReserveRevisions(Revision upTo) ->
          upTo.compareTo(state.reserved()) > 0
              ? decided(new RevisionsReserved(upTo, now), Outcome.CURRENT)
              : Decision.nothing(Outcome.CURRENT);
    };
  }

  private static Decision<NodeEvent, Outcome> observe(
      State state, Command.Observe observe, Instant now) {
    Membership seen = new Membership.Registered(observe.uid(), observe.tunnel());
    return state.membership().equals(seen)
        ? Decision.nothing(Outcome.CURRENT)
        : decided(new NodeRegistered(observe.uid(), observe.tunnel(), now), Outcome.CURRENT);
  }

  private static Decision<NodeEvent, Outcome> remove(State state, Instant now) {
    return switch (state.membership()) {
      case Membership.Removed ignored -> Decision.nothing(Outcome.CURRENT);
      case Membership.Unseen ignored when state.held().isEmpty() ->
          Decision.nothing(Outcome.CURRENT);
      case Membership.Unseen ignored -> decided(new NodeRemoved(now), Outcome.CURRENT);
      case Membership.Registered ignored -> decided(new NodeRemoved(now), Outcome.CURRENT);
    };
  }

  /** R10: nothing is granted to a session that is over. */
  private static Decision<NodeEvent, Outcome> grant(
      State state, IpAddress address, Grant grant, Instant now) {
    if (state.end(grant.session(), grant.onLoss()).isPresent()) {
      return Decision.nothing(Outcome.SESSION_OVER);
    }
    boolean news = grant.epoch().compareTo(state.grants().told(address).epoch()) > 0;
    if (news && state.end(grant.session()).isPresent()) {
      // It holds on to what it has; nobody has said that it has this.
      return decided(new EipWithdrawn(address, grant.epoch(), now), Outcome.WITHDRAWN);
    }
    return news
        ? decided(
            new EipGranted(
                address, grant.number(), grant.epoch(), grant.session(), grant.onLoss(), now),
            Outcome.CURRENT)
        : Decision.nothing(known(state, address, grant.epoch()));
  }

  private static Decision<NodeEvent, Outcome> refuse(
      State state, IpAddress address, Grant grant, Instant now) {
    if (state.end(grant.session(), grant.onLoss()).isPresent()) {
      return Decision.nothing(Outcome.SESSION_OVER);
    }
    return grant.epoch().compareTo(state.grants().told(address).epoch()) > 0
        ? decided(new EipWithdrawn(address, grant.epoch(), now), Outcome.WITHDRAWN)
        : Decision.nothing(known(state, address, grant.epoch()));
  }

  private static Outcome known(State state, IpAddress address, Epoch epoch) {
    Told told = state.grants().told(address);
    if (!told.epoch().equals(epoch)) {
      return Outcome.STALE;
    }
    return switch (told.kind()) {
      case GRANTED -> Outcome.CURRENT;
      case WITHDRAWN -> Outcome.WITHDRAWN;
    };
  }

  private static Decision<NodeEvent, Outcome> withdraw(
      State state, Command.WithdrawEip withdraw, Instant now) {
    if (state.end(withdraw.session(), withdraw.onLoss()).isPresent()) {
      return Decision.nothing(Outcome.SESSION_OVER);
    }
    NodeEvent withdrawn = new EipWithdrawn(withdraw.address(), withdraw.epoch(), now);
    if (withdraw.epoch().compareTo(state.grants().told(withdraw.address()).epoch()) > 0) {
      return decided(withdrawn, Outcome.WITHDRAWN);
    }
    Outcome known = known(state, withdraw.address(), withdraw.epoch());
    return known == Outcome.CURRENT
        ? decided(withdrawn, Outcome.WITHDRAWN)
        : Decision.nothing(known);
  }

  private static Decision<NodeEvent, Outcome> revoke(
      State state, OwnershipProof proof, Instant now) {
    return proof
        .session()
        .filter(session -> proof.endsSession())
        .filter(session -> state.end(session).isEmpty() || freesMore(state, session, proof))
        .<NodeEvent>map(session -> new SessionRevoked(session, proof, now))
        .map(event -> decided(event, Outcome.CURRENT))
        .orElseGet(() -> Decision.nothing(Outcome.CURRENT));
  }

  /** Whether the session is known to be over, and yet holds something that this proof frees. */
  private static boolean freesMore(State state, NodeSession session, OwnershipProof proof) {
    return proof.frees(WitnessLoss.HOLD)
        && state.fenced(session).isEmpty()
        && state.holding().contains(session);
  }

  private static Decision<NodeEvent, Outcome> decided(NodeEvent event, Outcome outcome) {
    return new Decision<>(List.of(event), outcome);
  }

  /** The state after a fact. */
  public static State evolve(State state, NodeEvent event) {
    return switch (event) {
      case NodeRegistered registered ->
          state.with(new Membership.Registered(registered.uid(), registered.tunnel()));
      case RevisionsReserved reserved ->
          new State(
              state.membership(), state.grants(), state.revoked(), state.denied(), reserved.upTo());
      case EipGranted granted -> state.with(granted(state.grants(), granted));
      case EipWithdrawn withdrawn -> state.with(withdrawn(state.grants(), withdrawn));
      case SessionRevoked revoked -> revoked(state, revoked);
      case SessionDenied denied -> denied(state, denied.session());
      case NodeRemoved ignored -> state.with(new Membership.Removed());
    };
  }

  private static State denied(State state, NodeSession session) {
    TreeSet<NodeSession> denied = new TreeSet<>(state.denied());
    denied.removeIf(session::isLaterThan);
    // Who is left out may be granted something again, once it speaks: no more than that.
    while (denied.size() >= REVOCATIONS_MAX) {
      denied.removeFirst();
    }
    denied.add(session);
    return state.with(denied);
  }

  private static Grants granted(Grants grants, EipGranted granted) {
    IpAddress address = granted.address();
    Grant grant = new Grant(granted.number(), granted.epoch(), granted.session(), granted.onLoss());
    return new Grants(
        PersistentMap.copyOf(grants.held()).with(address, grant),
        told(grants, address, new Told(granted.epoch(), Told.Kind.GRANTED)),
        taken(grants, address).with(grant));
  }

  private static Grants withdrawn(Grants grants, EipWithdrawn withdrawn) {
    IpAddress address = withdrawn.address();
    return new Grants(
        PersistentMap.copyOf(grants.held()).without(address),
        told(grants, address, new Told(withdrawn.epoch(), Told.Kind.WITHDRAWN)),
        taken(grants, address));
  }

  private static SortedMap<IpAddress, Told> told(Grants grants, IpAddress address, Told newest) {
    return PersistentMap.copyOf(grants.told()).with(address, newest);
  }

  /** Who holds what without what is granted of the address. */
  private static Holders taken(Grants grants, IpAddress address) {
    return Optional.ofNullable(grants.held().get(address))
        .map(grants.holders()::without)
        .orElseGet(grants::holders);
  }

  private static State revoked(State state, SessionRevoked revoked) {
    NodeSession over = revoked.session();
    List<Revocation> revocations = new ArrayList<>(state.revoked());
    revocations.removeIf(known -> isCovered(known, revoked));
    revocations.add(new Revocation(over, revoked.proof()));
    while (revocations.size() > REVOCATIONS_MAX) {
      revocations.removeFirst();
    }
    TreeMap<IpAddress, Grant> held = new TreeMap<>(state.held());
    held.values()
        .removeIf(grant -> over.covers(grant.session()) && revoked.proof().frees(grant.onLoss()));
    TreeSet<NodeSession> denied = new TreeSet<>(state.denied());
    denied.removeIf(over::covers);
    return new State(
        state.membership(),
        new Grants(held, state.grants().told()),
        revocations,
        denied,
        state.reserved());
  }

  /** Whether what was known of a boot's sessions adds nothing to this. */
  private static boolean isCovered(Revocation known, SessionRevoked revoked) {
    NodeSession over = revoked.session();
    boolean sameBoot = known.session().bootId().equals(over.bootId());
    boolean later = known.session().isLaterThan(over);
    boolean stronger =
        known.proof().frees(WitnessLoss.HOLD) && !revoked.proof().frees(WitnessLoss.HOLD);
    return sameBoot && !later && !stronger;
  }
}
