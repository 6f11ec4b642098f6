package io.egressgateway.policy.domain;

import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NodeEvent.EipGranted;
import io.egressgateway.core.event.NodeEvent.EipWithdrawn;
import io.egressgateway.core.event.NodeEvent.NodeRegistered;
import io.egressgateway.core.event.NodeEvent.NodeRemoved;
import io.egressgateway.core.event.NodeEvent.RevisionsReserved;
import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node: its place in the mesh, the egress IPs it was told to hold, and how far the revisions of
 * its plans are used up.
 */
public final class Node {
  private Node() {}

  /** Whether the node is in the mesh. */
  public sealed interface Membership {
    /** It was never seen. */
    record Unseen() implements Membership {}

    /** It is the machine of this uid. */
    record Registered(String uid, TunnelIdentity tunnel) implements Membership {}

    /** Its object was deleted: the machine is off, and holds nothing. */
    record Removed() implements Membership {}
  }

  /** An egress IP that the node shall hold. */
  public record Grant(EipNumber number, Epoch epoch) {}

  /**
   * What is journalled of a node.
   *
   * @param held the egress IPs that the node shall hold
   * @param highest the highest epoch of each address that the node was ever told of: what is not
   *     above is late, and is not followed
   * @param reserved no plan with a higher revision has ever been offered
   */
  public record State(
      Membership membership,
      SortedMap<IpAddress, Grant> held,
      SortedMap<IpAddress, Epoch> highest,
      Revision reserved) {
    public State {
      held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
      highest = Collections.unmodifiableSortedMap(new TreeMap<>(highest));
    }

    /** A node that was never seen. */
    public static State empty() {
      return new State(new Membership.Unseen(), new TreeMap<>(), new TreeMap<>(), Revision.ZERO);
    }

    Epoch highest(IpAddress address) {
      return highest.getOrDefault(address, Epoch.ZERO);
    }
  }

  /** What can be asked. */
  public sealed interface Command {
    /** The node exists. */
    record Observe(String uid, TunnelIdentity tunnel) implements Command {}

    /** The node does not exist. */
    record Remove() implements Command {}

    /** The node shall hold the address. */
    record GrantEip(IpAddress address, EipNumber number, Epoch epoch) implements Command {}

    /** The node shall not hold the address. */
    record WithdrawEip(IpAddress address, Epoch epoch) implements Command {}

    /** Plans need revisions above the reserved ones. */
    record ReserveRevisions(Revision upTo) implements Command {}
  }

  /** What the command meant. */
  public enum Outcome {
    /** The state is as the command wants it. */
    CURRENT,
    /** It is about an epoch that is over. */
    STALE,
    /** The node is deleted and holds nothing. */
    DELETED,
    /** The grant that it takes back never reached this node, and will be refused if it does. */
    NEVER_GRANTED
  }

  /** Decides; see {@link Decision}. */
  public static Decision<NodeEvent, Outcome> decide(State state, Command command, Instant now) {
    return switch (command) {
      case Command.Observe observe -> observe(state, observe, now);
      case Command.Remove ignored -> remove(state, now);
      case Command.GrantEip grant -> grant(state, grant, now);
      case Command.WithdrawEip withdraw -> withdraw(state, withdraw, now);
      case Command.ReserveRevisions(Revision upTo) ->
          upTo.compareTo(state.reserved()) > 0
              ? decided(new RevisionsReserved(upTo, now))
              : Decision.nothing(Outcome.CURRENT);
    };
  }

  private static Decision<NodeEvent, Outcome> observe(
      State state, Command.Observe observe, Instant now) {
    Membership seen = new Membership.Registered(observe.uid(), observe.tunnel());
    return state.membership().equals(seen)
        ? Decision.nothing(Outcome.CURRENT)
        : decided(new NodeRegistered(observe.uid(), observe.tunnel(), now));
  }

  private static Decision<NodeEvent, Outcome> remove(State state, Instant now) {
    return switch (state.membership()) {
      case Membership.Removed ignored -> Decision.nothing(Outcome.DELETED);
      case Membership.Unseen ignored when state.held().isEmpty() ->
          Decision.nothing(Outcome.DELETED);
      case Membership.Unseen ignored -> removed(now);
      case Membership.Registered ignored -> removed(now);
    };
  }

  private static Decision<NodeEvent, Outcome> removed(Instant now) {
    return new Decision<>(List.of(new NodeRemoved(now)), Outcome.DELETED);
  }

  private static Decision<NodeEvent, Outcome> grant(
      State state, Command.GrantEip grant, Instant now) {
    if (state.membership() instanceof Membership.Removed) {
      return Decision.nothing(Outcome.DELETED);
    }
    if (grant.epoch().compareTo(state.highest(grant.address())) > 0) {
      return decided(new EipGranted(grant.address(), grant.number(), grant.epoch(), now));
    }
    return held(state, grant.address(), grant.epoch())
        ? Decision.nothing(Outcome.CURRENT)
        : Decision.nothing(Outcome.STALE);
  }

  private static Decision<NodeEvent, Outcome> withdraw(
      State state, Command.WithdrawEip withdraw, Instant now) {
    if (state.membership() instanceof Membership.Removed) {
      return Decision.nothing(Outcome.DELETED);
    }
    int order = withdraw.epoch().compareTo(state.highest(withdraw.address()));
    if (order < 0) {
      return Decision.nothing(Outcome.STALE);
    }
    NodeEvent withdrawn = new EipWithdrawn(withdraw.address(), withdraw.epoch(), now);
    if (order > 0) {
      // An older grant of the address would be taken back with it.
      return new Decision<>(
          List.of(withdrawn),
          state.held().containsKey(withdraw.address()) ? Outcome.CURRENT : Outcome.NEVER_GRANTED);
    }
    return held(state, withdraw.address(), withdraw.epoch())
        ? decided(withdrawn)
        : Decision.nothing(Outcome.CURRENT);
  }

  private static boolean held(State state, IpAddress address, Epoch epoch) {
    return Optional.ofNullable(state.held().get(address))
        .filter(grant -> grant.epoch().equals(epoch))
        .isPresent();
  }

  private static Decision<NodeEvent, Outcome> decided(NodeEvent event) {
    return new Decision<>(List.of(event), Outcome.CURRENT);
  }

  /** The state after a fact. */
  public static State evolve(State state, NodeEvent event) {
    return switch (event) {
      case NodeRegistered registered ->
          new State(
              new Membership.Registered(registered.uid(), registered.tunnel()),
              state.held(),
              state.highest(),
              state.reserved());
      case RevisionsReserved reserved ->
          new State(state.membership(), state.held(), state.highest(), reserved.upTo());
      case EipGranted granted -> {
        TreeMap<IpAddress, Grant> held = new TreeMap<>(state.held());
        held.put(granted.address(), new Grant(granted.number(), granted.epoch()));
        yield told(state, held, granted.address(), granted.epoch());
      }
      case EipWithdrawn withdrawn -> {
        TreeMap<IpAddress, Grant> held = new TreeMap<>(state.held());
        held.remove(withdrawn.address());
        yield told(state, held, withdrawn.address(), withdrawn.epoch());
      }
      case NodeRemoved ignored ->
          new State(new Membership.Removed(), new TreeMap<>(), state.highest(), state.reserved());
    };
  }

  private static State told(
      State state, SortedMap<IpAddress, Grant> held, IpAddress address, Epoch epoch) {
    TreeMap<IpAddress, Epoch> highest = new TreeMap<>(state.highest());
    highest.put(address, epoch);
    return new State(state.membership(), held, highest, state.reserved());
  }
}
