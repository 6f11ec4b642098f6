package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatewayTroublesTest {
  private final GatewayTroubles troubles = new GatewayTroubles();

  @Test
  void aConflictIsNewsOnceAndNamesTheForeignMachine() {
    GatewayEntity.ConflictSeen seen =
        new GatewayEntity.ConflictSeen(
            IpAddress.of("10.6.1.21"), new NodeName("worker-1"), new MacAddress(0x6600_0000_0001L));
    assertThat(troubles.conflict(seen, 0)).isTrue();
    assertThat(troubles.conflict(seen, 1)).as("no news").isFalse();
    assertThat(troubles.conditions(new TreeSet<>()))
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.type()).isEqualTo("AddressConflict");
              assertThat(condition.message()).contains("10.6.1.21", "worker-1", "66:");
            });
  }
}
