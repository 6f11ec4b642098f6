package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.NodeStanding.Kind;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.OrderRefusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final GatewayName NAME = new GatewayName("default");
  private static final PolicyKey P = new PolicyKey.Namespaced("default", "p");
  private static final PolicyKey Q = new PolicyKey.Namespaced("default", "q");
  private static final IpAddress FIRST = IpAddress.of("10.0.0.1");
  private static final NodeName A = new NodeName("a");
  private static final NodeName B = new NodeName("b");
  private static final Gateway.Observed UNKNOWN = new Gateway.Observed.Unknown();
  private static final Gateway.Observed RETIRING = new Gateway.Observed.Retiring();
  private static final Gateway.Observed.Present PRESENT =
      present(Map.of(A, Eligibility.ELIGIBLE, B, Eligibility.ELIGIBLE));
  private static final Gateway.State NEW = Gateway.State.empty(NAME);
  private static final Gateway.State IDLE = after(NEW, PRESENT, new Gateway.Command.Observe());
  private static final Gateway.State USED = after(IDLE, PRESENT, allocate(P));
  private static final Gateway.State DRAINING = after(USED, PRESENT, new Gateway.Command.Free(P));

  private static final DecisionTable<Gateway.State, Gateway.Command> TABLE =
      new DecisionTable<>(
          DecisionTable.named(
              List.of(
                  Map.entry("new", NEW),
                  Map.entry("idle", IDLE),
                  Map.entry("used", USED),
                  Map.entry("draining", DRAINING))),
          DecisionTable.named(
              List.of(
                  Map.entry("observe", new Gateway.Command.Observe()),
                  Map.entry("allocate p", allocate(P)),
                  Map.entry("allocate q", allocate(Q)),
                  Map.entry("free p", new Gateway.Command.Free(P)),
                  Map.entry("vacated", new Gateway.Command.Vacated(FIRST)))));

  @Test
  void everyCommandInEveryStateWhileTheGatewayIsThere() {
    TABLE.check(
        """
                 | observe                | allocate p                             | allocate q                             | free p                | vacated
        new      | GatewayAdopted Current | EgressIpAllocated+EgressIpPlaced Given | EgressIpAllocated+EgressIpPlaced Given | - Current             | - Current
        idle     | - Current              | EgressIpAllocated+EgressIpPlaced Given | EgressIpAllocated+EgressIpPlaced Given | - Current             | - Current
        used     | - Current              | - Given                                | EgressIpAllocated Given                | EgressIpFreed Current | - Current
        draining | - Current              | EgressIpAllocated Given                | EgressIpAllocated Given                | - Current             | EgressIpUnplaced Current
        """,
        (state, command) -> Gateway.decide(state, PRESENT, command, NOW));
  }

  @Test
  void everyCommandInEveryStateBeforeTheGatewayHasBeenSeen() {
    TABLE.check(
        """
                 | observe   | allocate p | allocate q | free p                | vacated
        new      | - Current | - Refused  | - Refused  | - Current             | - Current
        idle     | - Current | - Refused  | - Refused  | - Current             | - Current
        used     | - Current | - Given    | - Refused  | EgressIpFreed Current | - Current
        draining | - Current | - Refused  | - Refused  | - Current             | EgressIpUnplaced Current
        """,
        (state, command) -> Gateway.decide(state, UNKNOWN, command, NOW));
  }

  private static final String RETIREMENT =
      """
               | observe                | allocate p             | allocate q             | free p                 | vacated
      new      | - Current              | - Refused              | - Refused              | - Current              | - Current
      idle     | GatewayRetired Current | GatewayRetired Refused | GatewayRetired Refused | GatewayRetired Current | GatewayRetired Current
      used     | - Current              | - Given                | - Refused              | EgressIpFreed Current  | - Current
      draining | - Current              | - Refused              | - Refused              | - Current              | EgressIpUnplaced+GatewayRetired Current
      """;

  @Test
  void everyCommandInEveryStateWhileTheGatewayRetires() {
    TABLE.check(RETIREMENT, (state, command) -> Gateway.decide(state, RETIRING, command, NOW));
  }

  @Test
  void everyCommandInEveryStateWhileTheGatewayRetiresAndIsKnown() {
    Gateway.Observed retires =
        new Gateway.Observed.Present(
            PRESENT.version(), PRESENT.spec(), PRESENT.members(), Gateway.Prospect.RETIRES);
    TABLE.check(RETIREMENT, (state, command) -> Gateway.decide(state, retires, command, NOW));
  }

  @Test
  void aPlaceThatNobodyUsesOrHoldsIsGivenUp() {
    Gateway.State draining = after(USED, PRESENT, new Gateway.Command.Free(P));

    assertThat(pursuit(draining, new Holding.Nobody())).isEqualTo(new Gateway.Pursuit.Unassign());
    Gateway.State idle = after(draining, PRESENT, new Gateway.Command.Vacated(FIRST));
    assertThat(pursuit(idle, new Holding.Nobody())).isEqualTo(new Gateway.Pursuit.Nothing());
  }

  @Test
  void policiesShareTheDefaultAndItStaysUntilTheLastIsGone() {
    Gateway.State shared = after(USED, PRESENT, allocate(Q));
    Gateway.State half = after(shared, PRESENT, new Gateway.Command.Free(P));

    assertThat(half.allocations())
        .isEqualTo(new TreeMap<>(Map.of(Q, new TreeSet<>(List.of(FIRST)))));
    assertThat(pursuit(half, new Holding.Programmed(A))).isEqualTo(new Gateway.Pursuit.Nothing());
    Gateway.State none = after(half, PRESENT, new Gateway.Command.Free(Q));
    assertThat(pursuit(none, new Holding.Programmed(A))).isEqualTo(new Gateway.Pursuit.Unassign());
    assertThat(none.placements()).containsEntry(FIRST, A);
  }

  @Test
  void anAddressMovesFromANodeThatIsInTroubleAndDoesNotComeBack() {
    Gateway.State moved =
        after(
            USED,
            present(Map.of(A, Eligibility.NOT_READY, B, Eligibility.ELIGIBLE)),
            new Gateway.Command.Observe());

    assertThat(moved.placements()).containsEntry(FIRST, B);
    assertThat(after(moved, PRESENT, new Gateway.Command.Observe())).isEqualTo(moved);
    assertThat(pursuit(moved, new Holding.Leaving(A)))
        .isEqualTo(new Gateway.Pursuit.Assign(session(B)));
  }

  @Test
  void anAddressWithoutAnyNodeIsUnplacedUntilOneAppears() {
    Gateway.State homeless = after(USED, present(Map.of()), new Gateway.Command.Observe());

    assertThat(homeless.placements()).isEmpty();
    assertThat(pursuit(homeless, new Holding.Programmed(A)))
        .isEqualTo(new Gateway.Pursuit.Unassign());
    assertThat(
            after(homeless, present(Map.of(B, Eligibility.ELIGIBLE)), new Gateway.Command.Observe())
                .placements())
        .containsEntry(FIRST, B);
  }

  private static Gateway.Observed standings(Kind a, Kind b) {
    TreeMap<NodeName, Member> members = new TreeMap<>();
    members.put(A, member(Eligibility.ELIGIBLE, standing(A, a)));
    members.put(B, member(Eligibility.ELIGIBLE, standing(B, b)));
    return new Gateway.Observed.Present(
        new SpecVersion("uid", new Generation(1)), spec("10.0.0.1", "10.0.0.5"), members);
  }

  @Test
  void theFirstPlaceOfAnAddressWaitsForNodesThatWereJustSelected() {
    TreeMap<NodeName, Member> members = new TreeMap<>(members(Map.of(B, Eligibility.ELIGIBLE)));
    members.put(A, new Member(Eligibility.ELIGIBLE, Optional.empty(), Member.History.NEW));
    Gateway.Observed awaiting =
        new Gateway.Observed.Present(
            new SpecVersion("uid", new Generation(1)), spec("10.0.0.1", "10.0.0.5"), members);
    Gateway.State waiting = after(IDLE, awaiting, allocate(P));

    assertThat(waiting.placements()).isEmpty();
    assertThat(after(waiting, PRESENT, new Gateway.Command.Observe()).placements())
        .containsEntry(FIRST, A);
    members.put(A, new Member(Eligibility.ELIGIBLE, Optional.empty(), Member.History.IDLE));
    Gateway.Observed over =
        new Gateway.Observed.Present(
            new SpecVersion("uid", new Generation(1)), spec("10.0.0.1", "10.0.0.5"), members);
    assertThat(after(waiting, over, new Gateway.Command.Observe()).placements())
        .containsEntry(FIRST, B);
  }

  @Test
  void aSilentNodeKeepsWhatItHasAndItsRefugesAreKnown() {
    Gateway.Observed silent = standings(Kind.SILENT, Kind.LEASED);

    assertThat(after(USED, silent, new Gateway.Command.Observe())).isEqualTo(USED);
    assertThat(Gateway.refuges(USED, silent, A))
        .isEqualTo(new TreeMap<>(Map.of(FIRST, session(B))));
    assertThat(pursuit(USED, silent, new Holding.Programmed(A)))
        .isEqualTo(new Gateway.Pursuit.Nothing());
    assertThat(Gateway.pursuit(USED, silent, FIRST, Optional.empty()))
        .isEqualTo(new Gateway.Pursuit.Inquire());
  }

  @Test
  void theAddressesOfALostNodeMoveInOneDecision() {
    TreeMap<NodeName, Member> members = new TreeMap<>();
    members.put(A, member(Eligibility.ELIGIBLE, NodeStanding.unknown()));
    members.put(B, member(Eligibility.ELIGIBLE, standing(B, Kind.LEASED)));
    Gateway.Observed lost =
        new Gateway.Observed.Present(
            new SpecVersion("uid", new Generation(1)), spec("10.0.0.1", "10.0.0.5"), members);

    assertThat(Gateway.decide(USED, lost, new Gateway.Command.Observe(), NOW).events())
        .containsExactly(
            new GatewayEvent.EgressIpPlaced(FIRST, B, GatewayEvent.PlacementReason.NODE_LOST, NOW));
  }

  @Test
  void aNodeThatLeavesIsEmptiedAndOneThatWasUnsteadyIsALastResort() {
    assertThat(
            Gateway.decide(
                    USED,
                    standings(Kind.LEAVING, Kind.HELD_DOWN),
                    new Gateway.Command.Observe(),
                    NOW)
                .events())
        .containsExactly(
            new GatewayEvent.EgressIpPlaced(FIRST, B, GatewayEvent.PlacementReason.DRAIN, NOW));
    assertThat(
            after(USED, standings(Kind.HELD_DOWN, Kind.LEASED), new Gateway.Command.Observe())
                .placements())
        .containsEntry(FIRST, B);
    assertThat(after(USED, standings(Kind.HELD_DOWN, Kind.SILENT), new Gateway.Command.Observe()))
        .isEqualTo(USED);
  }

  @Test
  void aLaterSessionOfTheSameNodeGetsTheAddressAnew() {
    Tenure former =
        new Tenure(
            new Holding.Programmed(A), Optional.of(new NodeSession(A, "boot", 0)), Epoch.ZERO);

    assertThat(Gateway.pursuit(USED, PRESENT, FIRST, Optional.of(former)))
        .isEqualTo(new Gateway.Pursuit.Assign(session(A)));
  }

  @Test
  void aNodeThatHoldsOnKeepsTheAddressesThatMayBeHeldAndNoOthers() {
    Gateway.Observed closing = standings(Kind.HOLDING, Kind.LEASED);
    Gateway.Observed.Present seen = (Gateway.Observed.Present) closing;
    Gateway.Observed holding =
        new Gateway.Observed.Present(
            seen.version(), seen.spec().withOnWitnessLoss(WitnessLoss.HOLD), seen.members());

    assertThat(after(USED, holding, new Gateway.Command.Observe())).isEqualTo(USED);
    assertThat(after(USED, closing, new Gateway.Command.Observe()).placements())
        .containsEntry(FIRST, B);
  }

  @Test
  void whatIsHeldOnServesLaterSessionsOfItsBootUntilTheGatewayWantsItOtherwise() {
    Tenure former =
        new Tenure(
            new Holding.Programmed(A),
            Optional.of(new NodeSession(A, "boot", 0)),
            Epoch.ZERO,
            WitnessLoss.HOLD);
    Gateway.Observed.Present seen = PRESENT;
    Gateway.Observed holding =
        new Gateway.Observed.Present(
            seen.version(), seen.spec().withOnWitnessLoss(WitnessLoss.HOLD), seen.members());

    assertThat(Gateway.pursuit(USED, holding, FIRST, Optional.of(former)))
        .isEqualTo(new Gateway.Pursuit.Nothing());
    assertThat(Gateway.pursuit(USED, PRESENT, FIRST, Optional.of(former)))
        .isEqualTo(new Gateway.Pursuit.Assign(session(A), WitnessLoss.CLOSE));
  }

  @Test
  void anOrderIsCarriedOutOnce() {
    Gateway.Command move = new Gateway.Command.Move(FIRST, B, "one");
    Gateway.State moved = after(USED, PRESENT, move);

    assertThat(moved.placements()).containsEntry(FIRST, B);
    Gateway.State back = after(moved, PRESENT, new Gateway.Command.Move(FIRST, A, "two"));
    assertThat(after(back, PRESENT, move)).isEqualTo(back);
    assertThat(after(moved, PRESENT, new Gateway.Command.Observe())).isEqualTo(moved);
  }

  @Test
  void anOrderThatCannotBeCarriedOutIsDeclined() {
    assertThat(declined(new Gateway.Command.Move(FIRST, new NodeName("c"), "1"), PRESENT))
        .isEqualTo(OrderRefusal.NODE_NOT_SELECTED);
    assertThat(declined(new Gateway.Command.Move(IpAddress.of("10.0.0.5"), B, "1"), PRESENT))
        .isEqualTo(OrderRefusal.ADDRESS_NOT_IN_USE);
    assertThat(
            declined(new Gateway.Command.Move(FIRST, B, "1"), standings(Kind.LEASED, Kind.SILENT)))
        .isEqualTo(OrderRefusal.NODE_NOT_FIT);
    assertThat(
            declined(
                new Gateway.Command.Move(FIRST, B, "1"), standings(Kind.LEASED, Kind.HELD_DOWN)))
        .isEqualTo(OrderRefusal.NODE_NOT_FIT);
  }

  @Test
  void anUnsteadyNodeTakesWhatItIsOrderedToWhereNoneIsSteady() {
    Gateway.Observed unsteady = standings(Kind.HELD_DOWN, Kind.HELD_DOWN);
    Gateway.State moved = after(USED, unsteady, new Gateway.Command.Move(FIRST, B, "1"));

    assertThat(moved.placements()).containsEntry(FIRST, B);
    assertThat(after(moved, unsteady, new Gateway.Command.Observe())).isEqualTo(moved);
    assertThat(declined(new Gateway.Command.Rebalance("1"), UNKNOWN))
        .isEqualTo(OrderRefusal.GATEWAY_NOT_READY);
  }

  private static OrderRefusal declined(Gateway.Command command, Gateway.Observed observed) {
    Decision<GatewayEvent, Gateway.Outcome> decision = Gateway.decide(USED, observed, command, NOW);
    assertThat(decision.events()).isEmpty();
    return ((Gateway.Outcome.Declined) decision.outcome()).reason();
  }

  @Test
  void anAddressThatLeavesThePoolStaysWithItsPolicy() {
    Gateway.Observed shrunk =
        new Gateway.Observed.Present(
            new SpecVersion("uid", new Generation(2)),
            spec("10.0.0.9", "10.0.0.9"),
            members(Map.of(A, Eligibility.ELIGIBLE)));

    assertThat(Gateway.decide(USED, shrunk, allocate(P), NOW).outcome())
        .isEqualTo(new Gateway.Outcome.Given(new TreeSet<>(List.of(FIRST))));
  }

  private static Gateway.Pursuit pursuit(Gateway.State state, Holding holding) {
    return pursuit(state, PRESENT, holding);
  }

  private static Gateway.Pursuit pursuit(
      Gateway.State state, Gateway.Observed observed, Holding holding) {
    return Gateway.pursuit(
        state,
        observed,
        FIRST,
        Optional.of(new Tenure(holding, holding.holder().map(GatewayTest::session), Epoch.ZERO)));
  }

  private static Gateway.Command allocate(PolicyKey policy) {
    return new Gateway.Command.Allocate(policy, new EgressIpRequest.Default());
  }

  private static Gateway.Observed.Present present(Map<NodeName, Eligibility> members) {
    return new Gateway.Observed.Present(
        new SpecVersion("uid", new Generation(1)), spec("10.0.0.1", "10.0.0.5"), members(members));
  }

  private static SortedMap<NodeName, Member> members(Map<NodeName, Eligibility> members) {
    TreeMap<NodeName, Member> leased = new TreeMap<>();
    members.forEach(
        (node, eligibility) -> leased.put(node, member(eligibility, standing(node, Kind.LEASED))));
    return leased;
  }

  private static Member member(Eligibility eligibility, NodeStanding standing) {
    return new Member(eligibility, Optional.of(standing), Member.History.IDLE);
  }

  private static NodeStanding standing(NodeName node, Kind kind) {
    return new NodeStanding(Optional.of(session(node)), kind);
  }

  private static NodeSession session(NodeName node) {
    return new NodeSession(node, "boot", 1);
  }

  private static EgressGatewaySpec spec(String first, String last) {
    return new EgressGatewaySpec(
        IpPool.of(IpFamily.IPV4, List.of(new IpRange(IpAddress.of(first), IpAddress.of(last)))),
        IpPool.empty(IpFamily.IPV6),
        Optional.empty(),
        Optional.empty(),
        LabelSelector.everything(),
        ClusterDefault.NO,
        FailMode.CLOSED);
  }

  private static Gateway.State after(
      Gateway.State state, Gateway.Observed observed, Gateway.Command command) {
    Gateway.State next = state;
    for (GatewayEvent event : Gateway.decide(state, observed, command, NOW).events()) {
      next = Gateway.evolve(next, event);
    }
    return next;
  }
}
