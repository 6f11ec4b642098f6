package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeClockTest extends NodeFixture {

  private List<Condition> clockAt(int ppm) {
    node.tell(
        new NodeEntity.FactsFound(
            new AgentFacts(
                "eth0",
                1500,
                Optional.empty(),
                new TreeSet<>(),
                ppm,
                new TreeSet<>(),
                NodeFindings.NONE)));
    return fixture.reports.receiveMessage().conditions().stream()
        .filter(condition -> condition.type().equals("ClockRate"))
        .toList();
  }

  @Test
  void aClockThatLeasesCannotRelyOnIsSaidAsLongAsItIs() {
    observe();
    fixture.reports.receiveMessage();
    assertThat(clockAt(1000)).isEmpty();
    assertThat(clockAt(-1100))
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.status()).isEqualTo(Condition.Status.TRUE);
              assertThat(condition.message()).contains("worker-1 runs -1100 ppm", "step the clock");
            });
    assertThat(clockAt(0)).isEmpty();
  }
}
