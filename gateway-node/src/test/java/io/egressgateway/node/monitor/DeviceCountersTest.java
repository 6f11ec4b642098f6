package io.egressgateway.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DeviceCountersTest {
  private static final String TEXT =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
          lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
      egress.vxlan: 9000000000 70 1 2 0 0 0 0 500 5 3 4 0 0 0 0
      """;

  @Test
  void bothDirectionsAreRead() {
    assertThat(DeviceCounters.parse("egress.vxlan", TEXT))
        .contains(
            new DeviceCounters(
                new DeviceCounters.Direction(9_000_000_000L, 70, 3),
                new DeviceCounters.Direction(500, 5, 7)));
  }

  @Test
  void aDeviceThatIsNotThereHasNone() throws IOException {
    assertThat(DeviceCounters.parse("egress", TEXT)).isEmpty();
    assertThat(DeviceCounters.of("no-such-device")).isEmpty();
    assertThat(DeviceCounters.of("lo")).isPresent();
  }
}
