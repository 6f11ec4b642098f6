package io.egressgateway.policy.domain;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.EgressIpAllocated;
import io.egressgateway.core.event.GatewayEvent.EgressIpFreed;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.EgressIpUnplaced;
import io.egressgateway.core.event.GatewayEvent.GatewayAdopted;
import io.egressgateway.core.event.GatewayEvent.GatewayRetired;
import io.egressgateway.core.event.GatewayEvent.OrderTaken;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.plan.EgressIpAllocator;
import io.egressgateway.policy.plan.EgressIpAllocator.Allocation;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Placement;
import io.egressgateway.policy.plan.Refusal;
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
 * A gateway: which policy has which of its addresses, and where each address should be. An address
 * leaves its place only after its ledger has told that nobody holds it any more.
 */
public final class Gateway {
  private Gateway() {}

  /**
   * What is journalled of a gateway.
   *
   * @param uid of the Kubernetes object that was last taken up, until it is gone
   * @param allocations the addresses of each policy
   * @param placements where each address should be; an address without users is still there until
   *     nobody holds it
   * @param lastGiven per family, the address that was given last to a first user
   */
  public record State(
      GatewayName name,
      Optional<String> uid,
      SortedMap<PolicyKey, SortedSet<IpAddress>> allocations,
      SortedMap<IpAddress, NodeName> placements,
      SortedMap<IpFamily, IpAddress> lastGiven) {
    public State {
      allocations = Collections.unmodifiableSortedMap(new TreeMap<>(allocations));
      placements = Collections.unmodifiableSortedMap(new TreeMap<>(placements));
      lastGiven = Collections.unmodifiableSortedMap(new TreeMap<>(lastGiven));
    }

    /** A gateway that was never seen. */
    public static State empty(GatewayName name) {
      return new State(name, Optional.empty(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** The addresses that some policy has. */
    public SortedSet<IpAddress> used() {
      TreeSet<IpAddress> used = new TreeSet<>();
      allocations.values().forEach(used::addAll);
      return used;
    }

    /** The addresses that something has to be done about: used, or still held somewhere. */
    public SortedSet<IpAddress> concerned() {
      SortedSet<IpAddress> concerned = used();
      concerned.addAll(placements.keySet());
      return concerned;
    }

    boolean isUsed(IpAddress address) {
      return allocations.values().stream().anyMatch(addresses -> addresses.contains(address));
    }
  }

  /** What Kubernetes says of the gateway. It is not journalled: whoever watches repeats it. */
  public sealed interface Observed {
    /** Nobody has spoken since the start. */
    record Unknown() implements Observed {}

    /** The object exists. */
    record Present(
        SpecVersion version, EgressGatewaySpec spec, SortedMap<NodeName, Eligibility> members)
        implements Observed {
      public Present {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      }
    }

    /** The object is gone, or will be when no policy uses it. */
    record Retiring() implements Observed {}
  }

  /** What can be asked. */
  public sealed interface Command {
    /** Do what the observation needs. */
    record Observe() implements Command {}

    /** A policy wants addresses. */
    record Allocate(PolicyKey policy, EgressIpRequest request) implements Command {}

    /** A policy wants no addresses. */
    record Free(PolicyKey policy) implements Command {}

    /** Nobody holds the address any more. */
    record Vacated(IpAddress address) implements Command {}
  }

  /** What is answered. */
  public sealed interface Outcome {
    /** The state is as the command and the observation want it. */
    record Current() implements Outcome {}

    /** The policy has these addresses. */
    record Given(SortedSet<IpAddress> addresses) implements Outcome {}

    /** The policy gets nothing. */
    record Refused(Refusal reason, String message) implements Outcome {}
  }

  /** What must be repeated to an address's ledger until it agrees. */
  public sealed interface Pursuit {
    /** The ledger agrees. */
    record Nothing() implements Pursuit {}

    /** The node should hold the address. */
    record Assign(NodeName node) implements Pursuit {}

    /** Nobody should hold the address. */
    record Unassign() implements Pursuit {}
  }

  /**
   * What a gateway in this state has to repeat about each address that it is concerned with, or
   * that has a holding.
   */
  public static SortedMap<IpAddress, Pursuit> pursuits(
      State state, SortedMap<IpAddress, Holding> holdings) {
    SortedSet<IpAddress> used = state.used();
    TreeSet<IpAddress> addresses = new TreeSet<>(used);
    addresses.addAll(state.placements().keySet());
    addresses.addAll(holdings.keySet());
    TreeMap<IpAddress, Pursuit> pursuits = new TreeMap<>();
    for (IpAddress address : addresses) {
      Optional<NodeName> intended =
          Optional.ofNullable(state.placements().get(address))
              .filter(ignored -> used.contains(address));
      pursuits.put(address, pursuit(intended, Optional.ofNullable(holdings.get(address))));
    }
    return Collections.unmodifiableSortedMap(pursuits);
  }

  private static Pursuit pursuit(Optional<NodeName> intended, Optional<Holding> holding) {
    Optional<Holding> aim = intended.map(Holding.Programmed::new);
    if (holding.equals(aim.or(() -> Optional.of(new Holding.Nobody())))) {
      return new Pursuit.Nothing();
    }
    return intended.<Pursuit>map(Pursuit.Assign::new).orElseGet(Pursuit.Unassign::new);
  }

  /** Decides; see {@link Decision}. */
  public static Decision<GatewayEvent, Outcome> decide(
      State state, Observed observed, Command command, Instant now) {
    Ledger ledger = new Ledger(state, now);
    Outcome outcome =
        switch (command) {
          case Command.Observe ignored -> new Outcome.Current();
          case Command.Allocate allocate -> allocate(ledger, observed, allocate);
          case Command.Free(PolicyKey policy) -> free(ledger, policy);
          case Command.Vacated(IpAddress address) -> vacated(ledger, address);
        };
    settle(ledger, observed);
    return new Decision<>(ledger.events, outcome);
  }

  private static Outcome allocate(Ledger ledger, Observed observed, Command.Allocate allocate) {
    SortedSet<IpAddress> present = ledger.state.allocations().get(allocate.policy());
    if (present != null) {
      return new Outcome.Given(present);
    }
    return switch (observed) {
      case Observed.Unknown ignored -> unknown(ledger.state);
      case Observed.Retiring ignored -> retiring(ledger.state);
      case Observed.Present seen -> allocateFrom(ledger, seen.spec(), allocate);
    };
  }

  private static Outcome allocateFrom(
      Ledger ledger, EgressGatewaySpec spec, Command.Allocate allocate) {
    State state = ledger.state;
    EgressIpAllocator.Pools pools =
        new EgressIpAllocator.Pools(state.name(), spec, state.used(), state.lastGiven());
    return switch (EgressIpAllocator.allocate(pools, allocate.request())) {
      case Allocation.Refused refused -> new Outcome.Refused(refused.reason(), refused.message());
      case Allocation.Given given -> {
        ledger.add(new EgressIpAllocated(allocate.policy(), given.addresses(), ledger.now));
        yield new Outcome.Given(given.addresses());
      }
    };
  }

  /** Whether the object does not exist or merely has no valid spec is not known here. */
  private static Outcome unknown(State state) {
    return new Outcome.Refused(
        Refusal.GATEWAY_NOT_READY,
        "EgressGateway %s has not been seen with a valid spec; its status says what to change"
            .formatted(state.name()));
  }

  private static Outcome retiring(State state) {
    return state.uid().isEmpty()
        ? notFound(state)
        : new Outcome.Refused(
            Refusal.GATEWAY_RETIRING,
            "EgressGateway %s is being deleted; name another in spec.egressGatewayName"
                .formatted(state.name()));
  }

  private static Outcome notFound(State state) {
    return new Outcome.Refused(
        Refusal.GATEWAY_NOT_FOUND,
        "EgressGateway %s does not exist; create it, or name another in spec.egressGatewayName"
            .formatted(state.name()));
  }

  private static Outcome free(Ledger ledger, PolicyKey policy) {
    if (ledger.state.allocations().containsKey(policy)) {
      ledger.add(new EgressIpFreed(policy, ledger.now));
    }
    return new Outcome.Current();
  }

  private static Outcome vacated(Ledger ledger, IpAddress address) {
    if (ledger.state.placements().containsKey(address) && !ledger.state.isUsed(address)) {
      ledger.add(new EgressIpUnplaced(address, ledger.now));
    }
    return new Outcome.Current();
  }

  private static void settle(Ledger ledger, Observed observed) {
    switch (observed) {
      case Observed.Unknown ignored -> {}
      case Observed.Present seen -> {
        if (!ledger.state.uid().equals(Optional.of(seen.version().uid()))) {
          ledger.add(new GatewayAdopted(seen.version().uid(), ledger.now));
        }
        place(ledger, seen.members());
      }
      case Observed.Retiring ignored -> {
        if (ledger.state.uid().isPresent() && ledger.state.concerned().isEmpty()) {
          ledger.add(new GatewayRetired(ledger.now));
        }
      }
    }
  }

  private static void place(Ledger ledger, SortedMap<NodeName, Eligibility> members) {
    SortedMap<IpAddress, NodeName> before = ledger.state.placements();
    SortedSet<IpAddress> used = ledger.state.used();
    SortedMap<IpAddress, NodeName> after = Placement.place(before, used, members);
    for (IpAddress address : used) {
      Optional<NodeName> was = Optional.ofNullable(before.get(address));
      Optional<NodeName> is = Optional.ofNullable(after.get(address));
      if (!was.equals(is)) {
        ledger.add(
            is.<GatewayEvent>map(
                    node ->
                        new EgressIpPlaced(
                            address,
                            node,
                            was.isEmpty() ? PlacementReason.FIRST : PlacementReason.NODE_UNFIT,
                            ledger.now))
                .orElseGet(() -> new EgressIpUnplaced(address, ledger.now)));
      }
    }
  }

  /** The state after a fact. */
  public static State evolve(State state, GatewayEvent event) {
    return switch (event) {
      case GatewayAdopted adopted -> withUid(state, Optional.of(adopted.uid()));
      case GatewayRetired ignored -> withUid(state, Optional.empty());
      case EgressIpAllocated allocated -> allocated(state, allocated);
      case EgressIpFreed freed -> {
        TreeMap<PolicyKey, SortedSet<IpAddress>> allocations = new TreeMap<>(state.allocations());
        allocations.remove(freed.policy());
        yield new State(
            state.name(), state.uid(), allocations, state.placements(), state.lastGiven());
      }
      case OrderTaken ignored -> state;
      case EgressIpPlaced placed -> {
        TreeMap<IpAddress, NodeName> placements = new TreeMap<>(state.placements());
        placements.put(placed.address(), placed.node());
        yield withPlacements(state, placements);
      }
      case EgressIpUnplaced unplaced -> {
        TreeMap<IpAddress, NodeName> placements = new TreeMap<>(state.placements());
        placements.remove(unplaced.address());
        yield withPlacements(state, placements);
      }
    };
  }

  private static State allocated(State state, EgressIpAllocated event) {
    TreeMap<IpFamily, IpAddress> lastGiven = new TreeMap<>(state.lastGiven());
    for (IpAddress address : event.addresses()) {
      if (!state.isUsed(address)) {
        lastGiven.put(address.family(), address);
      }
    }
    TreeMap<PolicyKey, SortedSet<IpAddress>> allocations = new TreeMap<>(state.allocations());
    allocations.put(event.policy(), event.addresses());
    return new State(state.name(), state.uid(), allocations, state.placements(), lastGiven);
  }

  private static State withUid(State state, Optional<String> uid) {
    return new State(state.name(), uid, state.allocations(), state.placements(), state.lastGiven());
  }

  private static State withPlacements(State state, SortedMap<IpAddress, NodeName> placements) {
    return new State(state.name(), state.uid(), state.allocations(), placements, state.lastGiven());
  }

  /** Gathers the events of one decision and the state that they lead to. */
  private static final class Ledger {
    private final List<GatewayEvent> events = new ArrayList<>();
    private final Instant now;
    private State state;

    Ledger(State state, Instant now) {
      this.state = state;
      this.now = now;
    }

    void add(GatewayEvent event) {
      events.add(event);
      state = evolve(state, event);
    }
  }
}
