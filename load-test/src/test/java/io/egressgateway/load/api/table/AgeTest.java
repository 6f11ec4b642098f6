package io.egressgateway.load.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "PT-5S, <invalid>",
    "PT0S, 0s",
    "PT119S, 119s",
    "PT2M, 2m",
    "PT4M27S, 4m27s",
    "PT29M30S, 29m",
    "PT3H, 3h",
    "PT7H5M, 7h5m",
    "PT47H59M, 47h",
    "P5DT17H, 5d17h",
    "P8D, 8d",
    "P729D, 729d",
    "P800D, 2y70d",
    "P4000D, 10y",
  })
  void readsLikeKubectl(Duration age, String text) {
    assertThat(Age.human(age)).isEqualTo(text);
  }
}
