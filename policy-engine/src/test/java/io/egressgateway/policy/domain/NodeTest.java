package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final IpAddress EIP = IpAddress.of("10.0.0.1");
  private static final EipNumber NUMBER = new EipNumber(3);
  private static final TunnelIdentity TUNNEL =
      new TunnelIdentity(new NodeNumber(1), new MacAddress(1), Optional.empty(), Optional.empty());
  private static final NodeSession SESSION = new NodeSession(new NodeName("n"), "boot", 1);
  private static final OwnershipProof CERTIFICATE =
      new OwnershipProof.Certificate(SESSION, 1, new TreeSet<>(List.of(0, 1)));
  private static final Node.State REGISTERED =
      after(Node.State.empty(), new Node.Command.Observe("uid", TUNNEL));
  private static final Node.State HOLDING = after(REGISTERED, grant(5));
  private static final Node.State WITHDRAWN = after(HOLDING, withdraw(5));
  private static final Node.State REFUSED = after(REGISTERED, withdraw(5));
  private static final Node.State REVOKED = after(HOLDING, new Node.Command.Revoke(CERTIFICATE));
  private static final Node.State REMOVED = after(HOLDING, new Node.Command.Remove());

  private static final DecisionTable<Node.State, Node.Command> TABLE =
      new DecisionTable<>(
          DecisionTable.named(
              List.of(
                  Map.entry("unseen", Node.State.empty()),
                  Map.entry("unseen, holding", after(Node.State.empty(), grant(5))),
                  Map.entry("registered", REGISTERED),
                  Map.entry("holding", HOLDING),
                  Map.entry("withdrawn", WITHDRAWN),
                  Map.entry("refused", REFUSED),
                  Map.entry("revoked", REVOKED),
                  Map.entry("removed", REMOVED))),
          DecisionTable.named(
              List.of(
                  Map.entry("observe", new Node.Command.Observe("uid", TUNNEL)),
                  Map.entry("other uid", new Node.Command.Observe("new", TUNNEL)),
                  Map.entry("remove", new Node.Command.Remove()),
                  Map.entry("grant 4", grant(4)),
                  Map.entry("grant 5", grant(5)),
                  Map.entry("grant 6", grant(6)),
                  Map.entry("refuse 5", new Node.Command.RefuseEip(EIP, held(5))),
                  Map.entry("withdraw 4", withdraw(4)),
                  Map.entry("withdraw 5", withdraw(5)),
                  Map.entry("withdraw 6", withdraw(6)),
                  Map.entry("revoke", new Node.Command.Revoke(CERTIFICATE)),
                  Map.entry("reserve", new Node.Command.ReserveRevisions(new Revision(9))))));

  private static final Node.Grant HELD_ON =
      new Node.Grant(NUMBER, new Epoch(5), SESSION, WitnessLoss.HOLD);
  private static final Node.State HOLDING_ON =
      after(REGISTERED, new Node.Command.GrantEip(EIP, HELD_ON));
  private static final OwnershipProof FENCE =
      new OwnershipProof.FenceAsserted(SESSION, "jane", "unplugged");

  @Test
  void whatIsHeldOnOutlivesACertificateAndNotAnOperatorsWord() {
    Node.State certified = after(HOLDING_ON, new Node.Command.Revoke(CERTIFICATE));

    assertThat(certified.held()).containsEntry(EIP, HELD_ON);
    assertThat(certified.holding()).containsExactly(SESSION);
    assertThat(certified.end(SESSION, WitnessLoss.CLOSE)).contains(CERTIFICATE);
    assertThat(certified.end(SESSION, WitnessLoss.HOLD)).isEmpty();
    Node.State fenced = after(certified, new Node.Command.Revoke(FENCE));
    assertThat(fenced.held()).isEmpty();
    assertThat(fenced.end(SESSION, WitnessLoss.HOLD)).contains(FENCE);
    assertThat(after(fenced, new Node.Command.Revoke(FENCE))).isEqualTo(fenced);
  }

  @Test
  void anOperatorsWordIsRememberedOverLaterSessionsOfItsBoot() {
    OwnershipProof later =
        new OwnershipProof.Certificate(SESSION.next(), 2, new TreeSet<>(List.of(0, 1)));
    Node.State one =
        after(after(HOLDING_ON, new Node.Command.Revoke(FENCE)), new Node.Command.Revoke(later));
    Node.State other =
        after(after(HOLDING_ON, new Node.Command.Revoke(later)), new Node.Command.Revoke(FENCE));

    for (Node.State state : List.of(one, other)) {
      assertThat(state.held()).isEmpty();
      assertThat(state.end(SESSION, WitnessLoss.HOLD)).contains(FENCE);
      assertThat(state.end(SESSION.next())).contains(later);
    }
  }

  @Test
  void whatIsHeldOnIsGivenBackByTheWordOfALaterSession() {
    Node.State certified = after(HOLDING_ON, new Node.Command.Revoke(CERTIFICATE));
    Node.Command withdraw =
        new Node.Command.WithdrawEip(EIP, new Epoch(5), SESSION, WitnessLoss.HOLD);

    assertThat(Node.decide(certified, withdraw, NOW).outcome()).isEqualTo(Node.Outcome.WITHDRAWN);
    assertThat(after(certified, withdraw).held()).isEmpty();
  }

  @Test
  void aSessionThatIsOverGetsNothingToHoldOnEither() {
    Node.State certified = after(REGISTERED, new Node.Command.Revoke(CERTIFICATE));

    assertThat(Node.decide(certified, new Node.Command.GrantEip(EIP, HELD_ON), NOW).outcome())
        .isEqualTo(Node.Outcome.WITHDRAWN);
  }

  @Test
  void everyCommandInEveryState() {
    TABLE.check(
        """
                        | observe                | other uid              | remove              | grant 4            | grant 5            | grant 6                    | refuse 5                   | withdraw 4                 | withdraw 5                 | withdraw 6                 | revoke                 | reserve
        unseen          | NodeRegistered CURRENT | NodeRegistered CURRENT | - CURRENT           | EipGranted CURRENT | EipGranted CURRENT | EipGranted CURRENT         | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        unseen, holding | NodeRegistered CURRENT | NodeRegistered CURRENT | NodeRemoved CURRENT | - STALE            | - CURRENT          | EipGranted CURRENT         | - CURRENT                  | - STALE                    | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        registered      | - CURRENT              | NodeRegistered CURRENT | NodeRemoved CURRENT | EipGranted CURRENT | EipGranted CURRENT | EipGranted CURRENT         | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        holding         | - CURRENT              | NodeRegistered CURRENT | NodeRemoved CURRENT | - STALE            | - CURRENT          | EipGranted CURRENT         | - CURRENT                  | - STALE                    | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        withdrawn       | - CURRENT              | NodeRegistered CURRENT | NodeRemoved CURRENT | - STALE            | - WITHDRAWN        | EipGranted CURRENT         | - WITHDRAWN                | - STALE                    | - WITHDRAWN                | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        refused         | - CURRENT              | NodeRegistered CURRENT | NodeRemoved CURRENT | - STALE            | - WITHDRAWN        | EipGranted CURRENT         | - WITHDRAWN                | - STALE                    | - WITHDRAWN                | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        revoked         | - CURRENT              | NodeRegistered CURRENT | NodeRemoved CURRENT | - SESSION_OVER     | - SESSION_OVER     | - SESSION_OVER             | - SESSION_OVER             | - SESSION_OVER             | - SESSION_OVER             | - SESSION_OVER             | - CURRENT              | RevisionsReserved CURRENT
        removed         | NodeRegistered CURRENT | NodeRegistered CURRENT | - CURRENT           | - STALE            | - CURRENT          | EipWithdrawn WITHDRAWN     | - CURRENT                  | - STALE                    | EipWithdrawn WITHDRAWN     | EipWithdrawn WITHDRAWN     | SessionRevoked CURRENT | RevisionsReserved CURRENT
        """,
        (state, command) -> Node.decide(state, command, NOW));
  }

  @Test
  void aDeletedNodeStillHoldsWhatNobodyHasProvedReleased() {
    assertThat(REMOVED.held()).containsKey(EIP);
    assertThat(after(REMOVED, withdraw(5)).held()).isEmpty();
  }

  @Test
  void nothingIsGrantedToASessionThatIsOverOrToOneBeforeIt() {
    NodeSession later = SESSION.next();
    Node.State state =
        after(
            REGISTERED, new Node.Command.Revoke(new OwnershipProof.FenceAsserted(later, "a", "b")));

    assertThat(Node.decide(state, grant(5), NOW).outcome()).isEqualTo(Node.Outcome.SESSION_OVER);
    assertThat(state.end(SESSION)).contains(new OwnershipProof.LaterIncarnation(SESSION, later));
    assertThat(state.end(later.next())).isEmpty();
  }

  @Test
  void aDeniedSessionGetsNothingAndKeepsWhatItHasUntilItsEndIsProved() {
    Node.Command deny = new Node.Command.Deny(SESSION);
    Node.State denied = after(HOLDING, deny);

    assertThat(denied.denied()).containsExactly(SESSION);
    assertThat(denied.held()).isEqualTo(HOLDING.held());
    assertThat(denied.end(SESSION)).isEmpty();
    assertThat(Node.decide(denied, grant(6), NOW).outcome()).isEqualTo(Node.Outcome.WITHDRAWN);
    assertThat(Node.decide(denied, deny, NOW).events()).as("once").isEmpty();
    Node.State over = after(denied, new Node.Command.Revoke(CERTIFICATE));
    assertThat(over.denied()).isEmpty();
    assertThat(over.held()).isEmpty();
    assertThat(Node.decide(over, deny, NOW).events()).as("it is over").isEmpty();
    assertThat(over.isDenied(SESSION.next())).isFalse();
  }

  @Test
  void ofEachBootTheLastDenialIsKeptAndOfFewBoots() {
    Node.State state =
        after(
            after(REGISTERED, new Node.Command.Deny(SESSION)),
            new Node.Command.Deny(SESSION.next()));
    assertThat(state.denied()).containsExactly(SESSION.next());
    assertThat(state.isDenied(SESSION)).isTrue();
    for (int boot = 0; boot < 100; boot++) {
      NodeSession session = new NodeSession(SESSION.node(), "boot-" + boot, 0);
      state = after(state, new Node.Command.Deny(session));
    }

    assertThat(state.denied()).hasSize(32);
  }

  @Test
  void theEndOfASessionTakesItsGrants() {
    assertThat(HOLDING.bound()).containsExactly(SESSION);
    assertThat(REVOKED.bound()).isEmpty();
    assertThat(REVOKED.end(SESSION)).contains(CERTIFICATE);
  }

  @Test
  void onlyTheLastBootsAreRemembered() {
    Node.State state = REGISTERED;
    for (int boot = 0; boot < 100; boot++) {
      NodeSession session = new NodeSession(SESSION.node(), "boot-" + boot, 0);
      state =
          after(
              state, new Node.Command.Revoke(new OwnershipProof.FenceAsserted(session, "a", "b")));
    }

    assertThat(state.revoked()).hasSize(32);
    assertThat(state.end(new NodeSession(SESSION.node(), "boot-99", 0))).isPresent();
  }

  @Test
  void revisionsAreReservedOnlyUpwards() {
    Node.State reserved = after(REGISTERED, new Node.Command.ReserveRevisions(new Revision(9)));

    assertThat(
            Node.decide(reserved, new Node.Command.ReserveRevisions(new Revision(9)), NOW).events())
        .isEmpty();
  }

  private static Node.Grant held(long epoch) {
    return new Node.Grant(NUMBER, new Epoch(epoch), SESSION);
  }

  private static Node.Command grant(long epoch) {
    return new Node.Command.GrantEip(EIP, held(epoch));
  }

  private static Node.Command withdraw(long epoch) {
    return new Node.Command.WithdrawEip(EIP, new Epoch(epoch), SESSION);
  }

  private static Node.State after(Node.State state, Node.Command command) {
    Node.State next = state;
    for (NodeEvent event : Node.decide(state, command, NOW).events()) {
      next = Node.evolve(next, event);
    }
    return next;
  }
}
