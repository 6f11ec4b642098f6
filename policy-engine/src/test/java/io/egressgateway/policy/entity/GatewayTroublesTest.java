package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.policy.witness.WitnessPanel;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GatewayTroublesTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final GatewayTroubles troubles = new GatewayTroubles();

  private boolean look(int reached, long now) {
    return troubles.lookForWitnesses(new SomeWitnesses(reached), now);
  }

  private boolean isShown() {
    return troubles.conditions(new TreeSet<>()).stream()
        .anyMatch(condition -> condition.type().equals("WitnessesUnreachable"));
  }

  @Test
  void aMissingMajorityOfWitnessesIsShownOnceItLasts() {
    assertThat(look(1, 0)).isFalse();
    assertThat(look(1, 4 * SECOND)).isFalse();
    assertThat(isShown()).isFalse();

    assertThat(look(0, 5 * SECOND)).as("news").isTrue();
    assertThat(isShown()).isTrue();

    assertThat(look(2, 6 * SECOND)).as("news").isTrue();
    assertThat(isShown()).isFalse();
    assertThat(look(1, 7 * SECOND)).isFalse();
    assertThat(isShown()).isFalse();
  }

  private record SomeWitnesses(int reached) implements WitnessPanel {
    @Override
    public int size() {
      return 3;
    }

    @Override
    public String membership() {
      return "digest";
    }

    @Override
    public List<WitnessAddress> addresses() {
      return List.of();
    }

    @Override
    public void askVotes(NodeSession session, long round, Consumer<Answer> onAnswer) {}
  }
}
