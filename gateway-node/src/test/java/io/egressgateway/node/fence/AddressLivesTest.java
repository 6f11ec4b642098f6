package io.egressgateway.node.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressLivesTest {
  @ParameterizedTest(name = "{4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2890 |   10 |    1 | 2 | a lease of three seconds
          1940 |   10 |    1 | 1 | one of two
          1440 |   10 |    1 | 1 | one of a second and a half
           750 |   10 |    1 | 1 | the kernel knows no less than a second
          1940 |   10 |  300 | 1 | hundreds
          1940 |   60 | 1000 | 2 | a thousand of IPv4
          1940 | 1100 | 1000 | 3 | a thousand of IPv6
          1940 | 2000 |    1 | 3 | a kernel that was slow
          """)
  void livesWithinTheLeaseAndUntilTheNextTime(
      long remainingMillis, long restMillis, int addresses, long seconds) {
    assertThat(
            AddressLives.seconds(
                Duration.ofMillis(remainingMillis).toNanos(),
                Duration.ofMillis(restMillis).toNanos(),
                addresses))
        .isEqualTo(seconds);
  }
}
