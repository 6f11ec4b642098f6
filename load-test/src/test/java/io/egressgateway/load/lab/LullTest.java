package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LullTest {
  @Test
  void waitingForTheDiskIsNoWorkAndGuestsAreCountedOnce() {
    Lull.Ticks earlier = Lull.Ticks.parse("cpu  100 10 50 1000 40 5 5 0 60 0");
    Lull.Ticks later = Lull.Ticks.parse("cpu  110 10 60 1050 70 5 5 0 66 0");
    assertThat(later.busySince(earlier)).isEqualTo(0.2);
    assertThat(later.busySince(later)).isZero();
  }

  @Test
  void aLimitEndsTheWaitAndIsSaid() throws Exception {
    Lull never = new Lull(-1, Duration.ofMillis(1));
    Lull.Found found = never.await();
    assertThat(never.isMetBy(found)).isFalse();
    assertThat(found.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(900));
  }

  @Test
  void aBoundThatEveryMachineMeetsTakesOneSecond() throws Exception {
    Lull always = new Lull(1, Duration.ofMinutes(1));
    Lull.Found found = always.await();
    assertThat(always.isMetBy(found)).isTrue();
    assertThat(found.busy()).isBetween(0.0, 1.0);
  }
}
