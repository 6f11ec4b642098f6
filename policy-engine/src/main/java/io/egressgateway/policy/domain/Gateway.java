package io.egressgateway.policy.domain;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.EgressIpAllocated;
import io.egressgateway.core.event.GatewayEvent.EgressIpFreed;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.EgressIpUnplaced;
import io.egressgateway.core.event.GatewayEvent.GatewayAdopted;
import io.egressgateway.core.event.GatewayEvent.GatewayRetired;
import io.egressgateway.core.event.GatewayEvent.OrderTaken;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.plan.EgressIpAllocator;
import io.egressgateway.policy.plan.EgressIpAllocator.Allocation;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.plan.OrderRefusal;
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

  /** Orders whose ids are remembered, so that none is carried out twice. */
  private static final int ORDERS_MAX = 100;

  /**
   * What is journalled of a gateway.
   *
   * @param uid of the Kubernetes object that was last taken up, until it is gone
   * @param given the addresses of each policy
   * @param placements where each address should be; an address without users is still there until
   *     nobody holds it
   * @param loads derived: how many used addresses are placed on each node that has some
   * @param memory what is only remembered to decide well
   */
  public record State(
      GatewayName name,
      Optional<String> uid,
      Allocations given,
      SortedMap<IpAddress, NodeName> placements,
      SortedMap<NodeName, Integer> loads,
      Memory memory) {
    public State {
      placements = PersistentMap.copyOf(placements);
      loads = PersistentMap.copyOf(loads);
    }

    /** A gateway that was never seen. */
    public static State empty(GatewayName name) {
      return new State(
          name,
          Optional.empty(),
          Allocations.none(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          new Memory(new TreeMap<>(), List.of()));
    }

    /** The addresses of each policy. */
    public SortedMap<PolicyKey, SortedSet<IpAddress>> allocations() {
      return given.byPolicy();
    }

    /** The addresses that some policy has. */
    public SortedSet<IpAddress> used() {
      return given.used();
    }

    /** The addresses that something has to be done about: used, or still held somewhere. */
    public SortedSet<IpAddress> concerned() {
      TreeSet<IpAddress> concerned = new TreeSet<>(used());
      concerned.addAll(placements.keySet());
      return concerned;
    }

    /** Whether something has to be done about the address. */
    public boolean concerns(IpAddress address) {
      return given.isUsed(address) || placements.containsKey(address);
    }

    /** Whether no policy has an address, and nobody holds one. */
    public boolean isIdle() {
      return given.isEmpty() && placements.isEmpty();
    }

    private State withUid(Optional<String> newUid) {
      return new State(name, newUid, given, placements, loads, memory);
    }

    private State withMemory(Memory newMemory) {
      return new State(name, uid, given, placements, loads, newMemory);
    }

    private State withGiven(Allocations newGiven, SortedSet<IpAddress> touched) {
      return with(newGiven, PersistentMap.copyOf(placements), touched);
    }

    private State placed(IpAddress address, NodeName node) {
      return with(
          given,
          PersistentMap.copyOf(placements).with(address, node),
          new TreeSet<>(List.of(address)));
    }

    private State unplaced(IpAddress address) {
      return with(
          given,
          PersistentMap.copyOf(placements).without(address),
          new TreeSet<>(List.of(address)));
    }

    private State with(
        Allocations newGiven,
        PersistentMap<IpAddress, NodeName> newPlacements,
        SortedSet<IpAddress> touched) {
      PersistentMap<NodeName, Integer> newLoads = PersistentMap.copyOf(loads);
      for (IpAddress address : touched) {
        newLoads = loaded(newLoads, bearer(given, placements, address), -1);
        newLoads = loaded(newLoads, bearer(newGiven, newPlacements, address), 1);
      }
      return new State(name, uid, newGiven, newPlacements, newLoads, memory);
    }

    private static Optional<NodeName> bearer(
        Allocations given, SortedMap<IpAddress, NodeName> placements, IpAddress address) {
      return given.isUsed(address)
          ? Optional.ofNullable(placements.get(address))
          : Optional.empty();
    }

    private static PersistentMap<NodeName, Integer> loaded(
        PersistentMap<NodeName, Integer> loads, Optional<NodeName> bearer, int more) {
      if (bearer.isEmpty()) {
        return loads;
      }
      int load = loads.getOrDefault(bearer.get(), 0) + more;
      return load == 0 ? loads.without(bearer.get()) : loads.with(bearer.get(), load);
    }
  }

  /**
   * @param lastGiven per family, the address that was given last to a first user
   * @param orders ids of the last orders, the newest last
   */
  public record Memory(SortedMap<IpFamily, IpAddress> lastGiven, List<String> orders) {
    public Memory {
      lastGiven = Collections.unmodifiableSortedMap(new TreeMap<>(lastGiven));
      orders = List.copyOf(orders);
    }
  }

  /** What Kubernetes says of the gateway. It is not journalled: whoever watches repeats it. */
  public sealed interface Observed {
    /** Nobody has spoken since the start. */
    record Unknown() implements Observed {}

    /** The object exists. */
    record Present(
        SpecVersion version,
        EgressGatewaySpec spec,
        SortedMap<NodeName, Member> members,
        Prospect prospect)
        implements Observed {
      public Present {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      }

      /** One that stays. */
      public Present(
          SpecVersion version, EgressGatewaySpec spec, SortedMap<NodeName, Member> members) {
        this(version, spec, members, Prospect.STAYS);
      }

      /** The same with other nodes. */
      public Present with(SortedMap<NodeName, Member> others) {
        return new Present(version, spec, others, prospect);
      }

      SortedMap<NodeName, Fitness> fitness() {
        TreeMap<NodeName, Fitness> fitness = new TreeMap<>();
        members.forEach((node, member) -> fitness.put(node, member.fitness(spec.onWitnessLoss())));
        return fitness;
      }
    }

    /** The object is gone, or will be when no policy uses it; nothing else is known of it. */
    record Retiring() implements Observed {}

    /** Whether the gateway ends when no policy uses it. */
    default boolean isRetiring() {
      return switch (this) {
        case Unknown ignored -> false;
        case Present seen -> seen.prospect() == Prospect.RETIRES;
        case Retiring ignored -> true;
      };
    }
  }

  /** What becomes of a gateway whose object exists. */
  public enum Prospect {
    /** It gives out addresses. */
    STAYS,
    /** Its object is being deleted: who uses it is served as before until it does no more. */
    RETIRES
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

    /** An operator wants the address on this node, once. */
    record Move(IpAddress address, NodeName node, String order) implements Command {}

    /** An operator wants the addresses spread evenly, once. */
    record Rebalance(String order) implements Command {}
  }

  /** What is answered. */
  public sealed interface Outcome {
    /** The state is as the command and the observation want it. */
    record Current() implements Outcome {}

    /** The policy has these addresses. */
    record Given(SortedSet<IpAddress> addresses) implements Outcome {}

    /** The policy gets nothing. */
    record Refused(Refusal reason, String message) implements Outcome {}

    /** The order is not carried out. */
    record Declined(OrderRefusal reason, String message) implements Outcome {}
  }

  /** What must be repeated to an address's ledger until it agrees. */
  public sealed interface Pursuit {
    /** The ledger agrees. */
    record Nothing() implements Pursuit {}

    /** The session should hold the address. */
    record Assign(NodeSession session, WitnessLoss onLoss) implements Pursuit {

      /** Until its lease ends. */
      public Assign(NodeSession session) {
        this(session, WitnessLoss.CLOSE);
      }
    }

    /** Nobody should hold the address. */
    record Unassign() implements Pursuit {}

    /** The ledger has not spoken yet, and there is nothing to ask it for. */
    record Inquire() implements Pursuit {}
  }

  /** What a gateway in this state has to repeat to the ledger of the address. */
  public static Pursuit pursuit(
      State state, Observed observed, IpAddress address, Optional<Tenure> tenure) {
    Optional<Holding> holding = tenure.map(Tenure::holding);
    NodeName intended = state.given().isUsed(address) ? state.placements().get(address) : null;
    if (intended == null) {
      // A place that is not used any more is given up as soon as the ledger says so again.
      return holding.equals(Optional.of(new Holding.Nobody()))
              && !state.placements().containsKey(address)
          ? new Pursuit.Nothing()
          : new Pursuit.Unassign();
    }
    Optional<NodeSession> session = session(observed, intended);
    if (session.isEmpty()) {
      return tenure.isEmpty() ? new Pursuit.Inquire() : new Pursuit.Nothing();
    }
    WitnessLoss onLoss = onLoss(observed);
    return holding.equals(Optional.of(new Holding.Programmed(intended)))
            && tenure
                .filter(told -> told.servesIn(session.get()) && told.onLoss() == onLoss)
                .isPresent()
        ? new Pursuit.Nothing()
        : new Pursuit.Assign(session.get(), onLoss);
  }

  private static WitnessLoss onLoss(Observed observed) {
    return observed instanceof Observed.Present seen
        ? seen.spec().onWitnessLoss()
        : WitnessLoss.CLOSE;
  }

  private static Optional<NodeSession> session(Observed observed, NodeName node) {
    return observed instanceof Observed.Present seen
        ? Optional.ofNullable(seen.members().get(node)).flatMap(Member::session)
        : Optional.empty();
  }

  /** Where the addresses of a node would go if it were lost now. */
  public static SortedMap<IpAddress, NodeSession> refuges(
      State state, Observed observed, NodeName node) {
    TreeMap<IpAddress, NodeSession> refuges = new TreeMap<>();
    if (observed instanceof Observed.Present seen && state.placements().containsValue(node)) {
      SortedMap<NodeName, Fitness> fitness = new TreeMap<>(seen.fitness());
      fitness.put(node, Fitness.LOST);
      Placement.place(state.placements(), state.used(), fitness)
          .forEach(
              (address, refuge) -> {
                if (node.equals(state.placements().get(address)) && !refuge.equals(node)) {
                  session(observed, refuge).ifPresent(session -> refuges.put(address, session));
                }
              });
    }
    return refuges;
  }

  /** Decides; see {@link Decision}. */
  public static Decision<GatewayEvent, Outcome> decide(
      State state, Observed observed, Command command, Instant now) {
    GatewayDraft draft = new GatewayDraft(state, now);
    Outcome outcome =
        switch (command) {
          case Command.Observe ignored -> {
            GatewayTenants.evict(draft, observed);
            yield new Outcome.Current();
          }
          case Command.Allocate allocate -> allocate(draft, observed, allocate);
          case Command.Free(PolicyKey policy) -> free(draft, policy);
          case Command.Vacated(IpAddress address) -> vacated(draft, address);
          case Command.Move move -> GatewayOrders.move(draft, observed, move);
          case Command.Rebalance(String order) -> GatewayOrders.rebalance(draft, observed, order);
        };
    switch (command) {
      // Each address is where it should be, but for those that were just given.
      case Command.Allocate ignored -> GatewayPlacing.placeGiven(draft, observed);
      case Command.Free ignored -> {}
      case Command.Vacated ignored -> {}
      case Command.Observe ignored -> GatewayPlacing.settle(draft, observed);
      case Command.Move ignored -> GatewayPlacing.settle(draft, observed);
      case Command.Rebalance ignored -> GatewayPlacing.settle(draft, observed);
    }
    GatewayPlacing.retire(draft, observed);
    return new Decision<>(draft.events(), outcome);
  }

  private static Outcome allocate(
      GatewayDraft draft, Observed observed, Command.Allocate allocate) {
    Optional<Outcome> refusal = GatewayTenants.refusal(draft.state(), observed, allocate.policy());
    if (refusal.isPresent()) {
      free(draft, allocate.policy());
      return refusal.get();
    }
    SortedSet<IpAddress> present = draft.state().allocations().get(allocate.policy());
    if (present != null) {
      return new Outcome.Given(present);
    }
    return switch (observed) {
      case Observed.Unknown ignored -> unknown(draft.state());
      case Observed.Retiring ignored -> retiring(draft.state());
      case Observed.Present seen when seen.isRetiring() -> retiring(draft.state());
      case Observed.Present seen -> allocateFrom(draft, seen.spec(), allocate);
    };
  }

  private static Outcome allocateFrom(
      GatewayDraft draft, EgressGatewaySpec spec, Command.Allocate allocate) {
    State state = draft.state();
    EgressIpAllocator.Pools pools =
        new EgressIpAllocator.Pools(state.name(), spec, state.used(), state.memory().lastGiven());
    return switch (EgressIpAllocator.allocate(pools, allocate.request())) {
      case Allocation.Refused refused -> new Outcome.Refused(refused.reason(), refused.message());
      case Allocation.Given given -> {
        draft.add(new EgressIpAllocated(allocate.policy(), given.addresses(), draft.now()));
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

  private static Outcome free(GatewayDraft draft, PolicyKey policy) {
    if (draft.state().allocations().containsKey(policy)) {
      draft.add(new EgressIpFreed(policy, draft.now()));
    }
    return new Outcome.Current();
  }

  private static Outcome vacated(GatewayDraft draft, IpAddress address) {
    if (draft.state().placements().containsKey(address) && !draft.state().given().isUsed(address)) {
      draft.add(new EgressIpUnplaced(address, draft.now()));
    }
    return new Outcome.Current();
  }

  /** The state after facts, in their order. */
  public static State evolve(State state, List<GatewayEvent> events) {
    State next = state;
    for (GatewayEvent event : events) {
      next = evolve(next, event);
    }
    return next;
  }

  /** The state after a fact. */
  public static State evolve(State state, GatewayEvent event) {
    return switch (event) {
      case GatewayAdopted adopted -> state.withUid(Optional.of(adopted.uid()));
      case GatewayRetired ignored -> state.withUid(Optional.empty());
      case EgressIpAllocated allocated -> allocated(state, allocated);
      case EgressIpFreed(PolicyKey policy, Instant ignored) ->
          state.withGiven(
              state.given().without(policy),
              state.allocations().getOrDefault(policy, Collections.emptySortedSet()));
      case OrderTaken taken -> ordered(state, taken.id());
      case EgressIpPlaced placed -> state.placed(placed.address(), placed.node());
      case EgressIpUnplaced unplaced -> state.unplaced(unplaced.address());
    };
  }

  private static State allocated(State state, EgressIpAllocated event) {
    TreeMap<IpFamily, IpAddress> lastGiven = new TreeMap<>(state.memory().lastGiven());
    for (IpAddress address : event.addresses()) {
      if (!state.given().isUsed(address) && !NodeAddressSlot.is(address)) {
        lastGiven.put(address.family(), address);
      }
    }
    TreeSet<IpAddress> touched = new TreeSet<>(event.addresses());
    touched.addAll(state.allocations().getOrDefault(event.policy(), Collections.emptySortedSet()));
    return state
        .withGiven(state.given().with(event.policy(), event.addresses()), touched)
        .withMemory(new Memory(lastGiven, state.memory().orders()));
  }

  private static State ordered(State state, String order) {
    List<String> orders = new ArrayList<>(state.memory().orders());
    orders.add(order);
    if (orders.size() > ORDERS_MAX) {
      orders.removeFirst();
    }
    return state.withMemory(new Memory(state.memory().lastGiven(), orders));
  }
}
