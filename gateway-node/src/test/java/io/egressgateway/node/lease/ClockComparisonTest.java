package io.egressgateway.node.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockComparisonTest {
  private static final double ACCURACY_PPM = 1;

  private long hardware = 1_000;
  private double steered = 5_000_000;
  private double rate = 1;
  private long stopBeforeHardware;
  private int hardwareReadings;

  private final ClockComparison comparison =
      new ClockComparison(this::hardware, () -> (long) steered);

  private void pass(long nanos) {
    hardware += nanos;
    steered += nanos * rate;
  }

  /** Every other reading the thread is stopped, all but in the last of the pairs. */
  private long hardware() {
    hardwareReadings++;
    if (stopBeforeHardware > 0 && hardwareReadings % 2 == 0 && hardwareReadings % 10 != 0) {
      pass(stopBeforeHardware);
    }
    return hardware;
  }

  private void passWindow() {
    pass(ClockComparison.WINDOW.toNanos());
  }

  @Test
  void theFirstReadingSaysNothingNorDoesOneThatComesTooSoon() {
    assertThat(comparison.read()).isEmpty();
    pass(ClockComparison.WINDOW.toNanos() / 3);
    assertThat(comparison.read()).isEmpty();
    passWindow();
    assertThat(comparison.read()).contains(0.0);
  }

  @Test
  void theRateIsThatOfTheTimeSinceTheLastReading() {
    assertThat(comparison.read()).isEmpty();
    rate = 1.002;
    passWindow();
    assertRate(2000);
    rate = 0.9;
    passWindow();
    assertRate(-100_000);
    rate = 1;
    passWindow();
    assertRate(0);
  }

  @Test
  void aThreadThatIsStoppedBetweenTwoReadingsDoesNotSpoilThem() {
    stopBeforeHardware = 50_000_000;
    assertThat(comparison.read()).isEmpty();
    passWindow();
    assertRate(0);
  }

  private void assertRate(double ppm) {
    Optional<Double> read = comparison.read();
    assertThat(read).isPresent();
    assertThat(read.get()).isCloseTo(ppm, within(ACCURACY_PPM));
  }
}
