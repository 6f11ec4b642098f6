package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import io.egressgateway.policy.testing.Property;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Replaying what was decided gives the state that the next decision saw, wherever the replay is
 * split; and what a decision promised holds in the state after it.
 */
class ReplayPropertyTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final int STEPS = 60;
  private static final List<GatewayName> GATEWAYS =
      List.of(new GatewayName("one"), new GatewayName("two"));
  private static final List<NodeName> NODES =
      List.of(new NodeName("a"), new NodeName("b"), new NodeName("c"));
  private static final List<IpAddress> ADDRESSES =
      List.of(IpAddress.of("10.0.0.1"), IpAddress.of("10.0.0.2"), IpAddress.of("10.0.0.3"));

  private static <S, E> void law(
      Random random, S start, Function<S, List<E>> step, BiFunction<S, E, S> evolve) {
    List<E> events = new ArrayList<>();
    S live = start;
    for (int i = 0; i < STEPS; i++) {
      List<E> decided = step.apply(live);
      events.addAll(decided);
      for (E event : decided) {
        live = evolve.apply(live, event);
      }
    }
    int split = random.nextInt(events.size() + 1);
    S middle = replay(start, events.subList(0, split), evolve);
    assertThat(replay(middle, events.subList(split, events.size()), evolve)).isEqualTo(live);
  }

  private static <S, E> S replay(S start, List<E> events, BiFunction<S, E, S> evolve) {
    S state = start;
    for (E event : events) {
      state = evolve.apply(state, event);
    }
    return state;
  }

  @Test
  void policies() {
    Property.forAll(
        random ->
            ReplayPropertyTest.<Policy.State, PolicyEvent>law(
                random,
                new Policy.State.Absent(),
                state -> Policy.decide(state, policyCommand(random), NOW).events(),
                Policy::evolve));
  }

  private static Policy.Command policyCommand(Random random) {
    GatewayName gateway = Property.any(random, GATEWAYS);
    SpecVersion version =
        new SpecVersion("uid-" + random.nextInt(2), new Generation(random.nextInt(4)));
    return switch (random.nextInt(5)) {
      case 0 -> new Policy.Command.Apply(new Policy.Claim(version, gateway, request(random)));
      case 1 -> new Policy.Command.Withdraw();
      case 2 ->
          new Policy.Command.Allocated(
              gateway, version, new TreeSet<>(List.of(Property.any(random, ADDRESSES))));
      case 3 -> new Policy.Command.Refused(gateway, version);
      default -> new Policy.Command.Freed(gateway);
    };
  }

  private static EgressIpRequest request(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new EgressIpRequest.Default();
      case 1 -> new EgressIpRequest.RoundRobin();
      case 2 -> new EgressIpRequest.NodeAddress();
      default ->
          new EgressIpRequest.Explicit(
              Optional.of((Ipv4Address) Property.any(random, ADDRESSES)), Optional.empty());
    };
  }

  @Test
  void gateways() {
    Property.forAll(
        random ->
            ReplayPropertyTest.<Gateway.State, GatewayEvent>law(
                random,
                Gateway.State.empty(GATEWAYS.getFirst()),
                state -> gatewayStep(random, state),
                Gateway::evolve));
  }

  private static List<GatewayEvent> gatewayStep(Random random, Gateway.State state) {
    Gateway.Observed observed = observed(random);
    Gateway.Command command = gatewayCommand(random);
    Decision<GatewayEvent, Gateway.Outcome> decision =
        Gateway.decide(state, observed, command, NOW);
    Gateway.State after = replay(state, decision.events(), Gateway::evolve);
    if (command instanceof Gateway.Command.Allocate allocate
        && decision.outcome() instanceof Gateway.Outcome.Given given) {
      assertThat(after.allocations()).containsEntry(allocate.policy(), given.addresses());
    }
    if (observed instanceof Gateway.Observed.Present seen
        && command instanceof Gateway.Command.Observe
        && seen.members().values().stream()
            .anyMatch(member -> member.fitness(seen.spec().onWitnessLoss()) == Fitness.GOOD)) {
      assertThat(after.placements().keySet()).containsAll(after.used());
      after
          .used()
          .forEach(
              address -> assertThat(seen.members()).containsKey(after.placements().get(address)));
    }
    return decision.events();
  }

  /** It would cost a look at all addresses for each policy, and find nothing. */
  @Test
  void afterAnAllocationNothingIsLeftToPlace() {
    Property.forAll(
        random -> {
          Gateway.State state = Gateway.State.empty(GATEWAYS.getFirst());
          for (int i = 0; i < STEPS; i++) {
            Gateway.Observed observed = observed(random);
            state = after(state, observed, new Gateway.Command.Observe());
            for (int j = 0; j < 5; j++) {
              state = after(state, observed, gatewayCommand(random));
              assertThat(
                      Gateway.decide(state, observed, new Gateway.Command.Observe(), NOW).events())
                  .as("%s with %s", state, observed)
                  .isEmpty();
            }
          }
        });
  }

  private static Gateway.State after(
      Gateway.State state, Gateway.Observed observed, Gateway.Command command) {
    return replay(state, Gateway.decide(state, observed, command, NOW).events(), Gateway::evolve);
  }

  /** Derived facts are those that one would find by counting. */
  @Test
  void loadsAreCounted() {
    Property.forAll(
        random -> {
          Gateway.State state = Gateway.State.empty(GATEWAYS.getFirst());
          for (int i = 0; i < STEPS; i++) {
            state = after(state, observed(random), gatewayCommand(random));
            TreeMap<NodeName, Integer> counted = new TreeMap<>();
            for (IpAddress address : state.used()) {
              NodeName node = state.placements().get(address);
              if (node != null) {
                counted.merge(node, 1, Integer::sum);
              }
            }
            assertThat(state.loads()).isEqualTo(counted);
          }
        });
  }

  private static Gateway.Observed observed(Random random) {
    if (random.nextInt(6) == 0) {
      return random.nextBoolean()
          ? new Gateway.Observed.Unknown()
          : new Gateway.Observed.Retiring();
    }
    TreeMap<NodeName, Member> members = new TreeMap<>();
    for (NodeName node : NODES) {
      if (random.nextInt(4) > 0) {
        members.put(
            node,
            new Member(
                Property.any(random, List.of(Eligibility.values())),
                Optional.of(
                    new NodeStanding(
                        Optional.of(new NodeSession(node, "boot", 0)),
                        Property.any(random, List.of(NodeStanding.Kind.values())))),
                Property.any(random, List.of(Member.History.values()))));
      }
    }
    return new Gateway.Observed.Present(
        new SpecVersion("uid-" + random.nextInt(2), new Generation(1)),
        new EgressGatewaySpec(
            IpPool.of(
                IpFamily.IPV4,
                List.of(new IpRange(ADDRESSES.getFirst(), Property.any(random, ADDRESSES)))),
            IpPool.empty(IpFamily.IPV6),
            Optional.empty(),
            Optional.empty(),
            LabelSelector.everything(),
            ClusterDefault.NO,
            FailMode.CLOSED),
        members);
  }

  private static Gateway.Command gatewayCommand(Random random) {
    PolicyKey policy = new PolicyKey.ClusterScoped("policy-" + random.nextInt(4));
    return switch (random.nextInt(7)) {
      case 5 ->
          new Gateway.Command.Move(
              Property.any(random, ADDRESSES),
              Property.any(random, NODES),
              "order-" + random.nextInt(9));
      case 6 -> new Gateway.Command.Rebalance("order-" + random.nextInt(9));
      case 0 -> new Gateway.Command.Observe();
      case 1, 2 -> new Gateway.Command.Allocate(policy, request(random));
      case 3 -> new Gateway.Command.Free(policy);
      default -> new Gateway.Command.Vacated(Property.any(random, ADDRESSES));
    };
  }

  @Test
  void egressIps() {
    Property.forAll(
        random ->
            ReplayPropertyTest.<Eip.State, EipEvent>law(
                random,
                new Eip.State.Unnumbered(),
                state -> Eip.decide(state, intent(random), eipCommand(random, state), NOW).events(),
                Eip::evolve));
  }

  private static Eip.Intent intent(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Eip.Intent.Unknown();
      case 1 -> new Eip.Intent.Nowhere();
      default ->
          new Eip.Intent.At(
              GATEWAYS.getFirst(),
              session(random),
              Property.any(random, List.of(WitnessLoss.values())));
    };
  }

  private static NodeSession session(Random random) {
    return new NodeSession(Property.any(random, NODES), "boot", random.nextInt(3));
  }

  private static OwnershipProof proof(Random random, NodeSession of) {
    return switch (random.nextInt(6)) {
      case 0 -> new OwnershipProof.NeverHeld();
      case 1 -> new OwnershipProof.ReleaseAcknowledged(of);
      case 2 -> new OwnershipProof.NeverGranted(of);
      case 3 -> new OwnershipProof.Certificate(of, 1, new TreeSet<>(List.of(0, 1)));
      case 4 -> new OwnershipProof.LaterIncarnation(of, of.next());
      default -> new OwnershipProof.FenceAsserted(of, "jane", "unplugged");
    };
  }

  private static Eip.Command eipCommand(Random random, Eip.State state) {
    NodeSession owner =
        Eip.ownership(state).map(Eip.Ownership::session).orElseGet(() -> session(random));
    OwnershipProof proof = proof(random, random.nextBoolean() ? owner : session(random));
    return switch (random.nextInt(6)) {
      case 0 -> new Eip.Command.Numbered(new EipNumber(1 + random.nextInt(9)));
      case 1 -> new Eip.Command.Stopped(Eip.epoch(state), proof);
      case 2 -> new Eip.Command.SessionOver(proof);
      case 3 -> new Eip.Command.Move();
      default -> new Eip.Command.Steer();
    };
  }

  /** I16: no address changes hands without a proof about the very session that had it. */
  @Test
  void everyMoveIsProved() {
    Property.forAll(
        random -> {
          Eip.State state = new Eip.State.Unnumbered();
          for (int i = 0; i < STEPS; i++) {
            for (EipEvent event :
                Eip.decide(state, intent(random), eipCommand(random, state), NOW).events()) {
              Optional<Eip.Ownership> before = Eip.ownership(state);
              state = Eip.evolve(state, event);
              if (event instanceof EipEvent.EipReleased released) {
                assertThat(released.proof().session())
                    .isEqualTo(before.map(Eip.Ownership::session));
              }
              if (event instanceof EipEvent.EipMoved moved) {
                assertThat(moved.proof().session()).isEqualTo(before.map(Eip.Ownership::session));
              }
              if (event instanceof EipEvent.EipAssigned assigned) {
                assertThat(before).isEmpty();
                assertThat(assigned.proof().endsSession())
                    .satisfiesAnyOf(
                        ends -> assertThat(ends).isFalse(),
                        ends ->
                            assertThat(assigned.proof().session())
                                .isNotEqualTo(Optional.of(assigned.session())));
              }
            }
          }
        });
  }

  @Test
  void nodes() {
    Property.forAll(
        random ->
            ReplayPropertyTest.<Node.State, NodeEvent>law(
                random,
                Node.State.empty(),
                state -> Node.decide(state, nodeCommand(random), NOW).events(),
                Node::evolve));
  }

  /** Derived facts are those that one would find by counting. */
  @Test
  void holdersAreCounted() {
    Property.forAll(
        random -> {
          Node.State state = Node.State.empty();
          for (int i = 0; i < STEPS; i++) {
            state =
                replay(state, Node.decide(state, nodeCommand(random), NOW).events(), Node::evolve);
            assertThat(state.grants().holders()).isEqualTo(Holders.of(state.held().values()));
          }
        });
  }

  private static Node.Command nodeCommand(Random random) {
    IpAddress address = Property.any(random, ADDRESSES);
    Epoch epoch = new Epoch(1 + random.nextInt(6));
    NodeSession session = session(random);
    WitnessLoss onLoss = Property.any(random, List.of(WitnessLoss.values()));
    Node.Grant grant = new Node.Grant(new EipNumber(1), epoch, session, onLoss);
    return switch (random.nextInt(8)) {
      case 0 ->
          new Node.Command.Observe(
              "uid-" + random.nextInt(2),
              new TunnelIdentity(
                  new NodeNumber(1), new MacAddress(1), Optional.empty(), Optional.empty()));
      case 1 -> new Node.Command.Remove();
      case 2 -> new Node.Command.ReserveRevisions(new Revision(random.nextInt(50)));
      case 3 -> new Node.Command.WithdrawEip(address, epoch, session);
      case 4 -> new Node.Command.RefuseEip(address, grant);
      case 5 -> new Node.Command.Revoke(proof(random, session));
      default -> new Node.Command.GrantEip(address, grant);
    };
  }

  @Test
  void numbers() {
    Property.forAll(
        random ->
            ReplayPropertyTest.<Numbering.State, NumberingEvent>law(
                random,
                Numbering.State.empty(NumberSpace.NODE),
                state -> numberingStep(random, state),
                Numbering::evolve));
  }

  private static List<NumberingEvent> numberingStep(Random random, Numbering.State state) {
    String name = "name-" + random.nextInt(5);
    List<NumberingEvent> events =
        Numbering.decide(
                state,
                random.nextInt(3) == 0
                    ? new Numbering.Command.Free(name)
                    : new Numbering.Command.Assign(name),
                NOW)
            .events();
    assertThat(replay(state, events, Numbering::evolve).numbers().values()).doesNotHaveDuplicates();
    return events;
  }
}
