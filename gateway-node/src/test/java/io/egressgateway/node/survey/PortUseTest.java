package io.egressgateway.node.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PortShortage;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PortUseTest {
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private static final PortShortage WEB =
      new PortShortage(EIP, 6, IpAddress.of("198.51.100.1"), 443);
  private static final PortShortage DNS =
      new PortShortage(EIP, 17, IpAddress.of("198.51.100.1"), 53);

  private static PortUse use(PortShortage destination, int from, int count) {
    PortUse use = new PortUse();
    for (int port = from; port < from + count; port++) {
      use.add(destination, port);
    }
    return use;
  }

  @Test
  void aDestinationIsShortWhenHardlyAnyOfItsPortsIsFree() {
    assertThat(use(WEB, 1024, 62_576).shortages(Set.of())).isEmpty();
    assertThat(use(WEB, 1024, 62_577).shortages(Set.of())).containsExactly(WEB);
    assertThat(use(WEB, 1, 495).shortages(Set.of())).isEmpty();
    assertThat(use(WEB, 1, 496).shortages(Set.of())).containsExactly(WEB);
    assertThat(use(WEB, 600, 412).shortages(Set.of())).containsExactly(WEB);
  }

  @Test
  void itStaysShortUntilATenthIsFree() {
    assertThat(use(WEB, 1024, 60_000).shortages(Set.of(WEB))).containsExactly(WEB);
    assertThat(use(WEB, 1024, 58_000).shortages(Set.of(WEB))).isEmpty();
    assertThat(use(WEB, 1024, 60_000).shortages(Set.of(DNS))).isEmpty();
  }

  @Test
  void eachDestinationHasAllPorts() {
    PortUse use = use(WEB, 1024, 40_000);
    for (int port = 1024; port < 41_024; port++) {
      use.add(DNS, port);
    }
    assertThat(use.shortages(Set.of())).isEmpty();
    assertThat(use.mostUsed()).containsExactly(Map.entry(EIP, 40_000));
    assertThat(new PortUse().shortages(new TreeSet<>(Set.of(WEB)))).isEmpty();
  }
}
