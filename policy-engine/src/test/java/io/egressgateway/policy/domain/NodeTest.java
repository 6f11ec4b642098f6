package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final IpAddress EIP = IpAddress.of("10.0.0.1");
  private static final EipNumber NUMBER = new EipNumber(3);
  private static final TunnelIdentity TUNNEL =
      new TunnelIdentity(new NodeNumber(1), new MacAddress(1), Optional.empty(), Optional.empty());
  private static final Node.State REGISTERED =
      after(Node.State.empty(), new Node.Command.Observe("uid", TUNNEL));
  private static final Node.State HOLDING =
      after(REGISTERED, new Node.Command.GrantEip(EIP, NUMBER, new Epoch(5)));
  private static final Node.State WITHDRAWN =
      after(HOLDING, new Node.Command.WithdrawEip(EIP, new Epoch(5)));
  private static final Node.State REMOVED = after(HOLDING, new Node.Command.Remove());

  private static final DecisionTable<Node.State, Node.Command> TABLE =
      new DecisionTable<>(
          DecisionTable.named(
              List.of(
                  Map.entry("unseen", Node.State.empty()),
                  Map.entry(
                      "unseen, holding",
                      after(
                          Node.State.empty(),
                          new Node.Command.GrantEip(EIP, NUMBER, new Epoch(5)))),
                  Map.entry("registered", REGISTERED),
                  Map.entry("holding", HOLDING),
                  Map.entry("withdrawn", WITHDRAWN),
                  Map.entry("removed", REMOVED))),
          DecisionTable.named(
              List.of(
                  Map.entry("observe", new Node.Command.Observe("uid", TUNNEL)),
                  Map.entry("other uid", new Node.Command.Observe("new", TUNNEL)),
                  Map.entry("remove", new Node.Command.Remove()),
                  Map.entry("grant 4", grant(4)),
                  Map.entry("grant 5", grant(5)),
                  Map.entry("grant 6", grant(6)),
                  Map.entry("withdraw 4", withdraw(4)),
                  Map.entry("withdraw 5", withdraw(5)),
                  Map.entry("withdraw 6", withdraw(6)),
                  Map.entry("reserve", new Node.Command.ReserveRevisions(new Revision(9))))));

  @Test
  void everyCommandInEveryState() {
    TABLE.check(
        """
                        | observe                | other uid              | remove              | grant 4            | grant 5            | grant 6            | withdraw 4                 | withdraw 5                 | withdraw 6                 | reserve
        unseen          | NodeRegistered CURRENT | NodeRegistered CURRENT | - DELETED           | EipGranted CURRENT | EipGranted CURRENT | EipGranted CURRENT | EipWithdrawn NEVER_GRANTED | EipWithdrawn NEVER_GRANTED | EipWithdrawn NEVER_GRANTED | RevisionsReserved CURRENT
        unseen, holding | NodeRegistered CURRENT | NodeRegistered CURRENT | NodeRemoved DELETED | - STALE            | - CURRENT          | EipGranted CURRENT | - STALE                    | EipWithdrawn CURRENT       | EipWithdrawn CURRENT       | RevisionsReserved CURRENT
        registered      | - CURRENT              | NodeRegistered CURRENT | NodeRemoved DELETED | EipGranted CURRENT | EipGranted CURRENT | EipGranted CURRENT | EipWithdrawn NEVER_GRANTED | EipWithdrawn NEVER_GRANTED | EipWithdrawn NEVER_GRANTED | RevisionsReserved CURRENT
        holding         | - CURRENT              | NodeRegistered CURRENT | NodeRemoved DELETED | - STALE            | - CURRENT          | EipGranted CURRENT | - STALE                    | EipWithdrawn CURRENT       | EipWithdrawn CURRENT       | RevisionsReserved CURRENT
        withdrawn       | - CURRENT              | NodeRegistered CURRENT | NodeRemoved DELETED | - STALE            | - STALE            | EipGranted CURRENT | - STALE                    | - CURRENT                  | EipWithdrawn NEVER_GRANTED | RevisionsReserved CURRENT
        removed         | NodeRegistered CURRENT | NodeRegistered CURRENT | - DELETED           | - DELETED          | - DELETED          | - DELETED          | - DELETED                  | - DELETED                  | - DELETED                  | RevisionsReserved CURRENT
        """,
        (state, command) -> Node.decide(state, command, NOW));
  }

  @Test
  void aDeletedNodeHoldsNothingAndStillRefusesWhatIsOver() {
    assertThat(REMOVED.held()).isEmpty();

    Node.State back = after(REMOVED, new Node.Command.Observe("new", TUNNEL));

    assertThat(Node.decide(back, grant(5), NOW).outcome()).isEqualTo(Node.Outcome.STALE);
  }

  @Test
  void revisionsAreReservedOnlyUpwards() {
    Node.State reserved = after(REGISTERED, new Node.Command.ReserveRevisions(new Revision(9)));

    assertThat(
            Node.decide(reserved, new Node.Command.ReserveRevisions(new Revision(9)), NOW).events())
        .isEmpty();
  }

  private static Node.Command grant(long epoch) {
    return new Node.Command.GrantEip(EIP, NUMBER, new Epoch(epoch));
  }

  private static Node.Command withdraw(long epoch) {
    return new Node.Command.WithdrawEip(EIP, new Epoch(epoch));
  }

  private static Node.State after(Node.State state, Node.Command command) {
    Node.State next = state;
    for (NodeEvent event : Node.decide(state, command, NOW).events()) {
      next = Node.evolve(next, event);
    }
    return next;
  }
}
