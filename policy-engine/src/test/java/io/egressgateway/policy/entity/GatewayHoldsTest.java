package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayHoldsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final NodeName NODE = new NodeName("a");
  private static final NodeSession SESSION = new NodeSession(NODE, "boot", 1);

  private final GatewayNodes nodes = new GatewayNodes();
  private final GatewayLedgers ledgers = new GatewayLedgers();
  private final GatewayHolds holds = new GatewayHolds();

  private void own(WitnessLoss onLoss) {
    ledgers.put(
        IpAddress.of("192.0.2.1"),
        new Tenure(new Holding.Programmed(NODE), Optional.of(SESSION), new Epoch(1), onLoss));
  }

  private void stand(NodeSession session, NodeStanding.Kind kind) {
    nodes.stood(NODE, new NodeStanding(Optional.of(session), kind), 0);
  }

  private boolean look(long now) {
    return holds.look(nodes, ledgers, PATIENCE, now);
  }

  private List<String> types() {
    return holds.conditions().stream().map(Condition::type).toList();
  }

  @Test
  void aHolderThatGoesOnWithoutALeaseIsToldAtOnce() {
    own(WitnessLoss.HOLD);
    stand(SESSION.next(), NodeStanding.Kind.HOLDING);

    assertThat(look(0)).isTrue();
    assertThat(types()).containsExactly("HeldWithoutLease");
    stand(SESSION.next(), NodeStanding.Kind.LEASED);
    assertThat(look(SECOND)).isTrue();
    assertThat(types()).isEmpty();
  }

  @Test
  void aHolderThatNobodyHearsBlocksItsFailoverOnceThatLasts() {
    own(WitnessLoss.HOLD);
    stand(SESSION, NodeStanding.Kind.SILENT);

    assertThat(look(0)).isFalse();
    assertThat(look(3 * SECOND)).isFalse();
    assertThat(look(4 * SECOND)).isTrue();
    assertThat(types()).containsExactly("FailoverBlocked");
    stand(SESSION, NodeStanding.Kind.LEASED);
    assertThat(look(5 * SECOND)).isTrue();
    assertThat(types()).isEmpty();
  }

  @Test
  void anotherBootOfTheNodeDoesNotSpeakForIt() {
    own(WitnessLoss.HOLD);
    stand(new NodeSession(NODE, "other", 1), NodeStanding.Kind.LEASED);
    look(0);
    look(4 * SECOND);

    assertThat(types()).containsExactly("FailoverBlocked");
  }

  @Test
  void whatEndsWithTheLeaseIsNoneOfIt() {
    own(WitnessLoss.CLOSE);
    stand(SESSION, NodeStanding.Kind.SILENT);
    look(0);

    assertThat(look(9 * SECOND)).isFalse();
    assertThat(types()).isEmpty();
  }

  @Test
  void aNodeThatHoldsOnSinceAFormerSessionIsInUse() {
    own(WitnessLoss.HOLD);

    assertThat(ledgers.inUse().test(SESSION.next())).isTrue();
    assertThat(ledgers.inUse().test(new NodeSession(NODE, "other", 2))).isFalse();
    own(WitnessLoss.CLOSE);
    assertThat(ledgers.inUse().test(SESSION.next())).isFalse();
  }
}
