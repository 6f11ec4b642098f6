package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"witness-1:5831", "10.0.0.1:1", "[fd00::1]:65535", "a.b.svc:80"})
  void whatIsReadIsWrittenTheSame(String text) {
    assertThat(WitnessAddress.parse(text).orElseThrow()).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":1", "w", "w:", "w:0", "w:65536", "w:x", "w:999999", "fd00::1:5831", "a b:1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThat(WitnessAddress.parse(text)).isEmpty();
  }

  @Test
  void aHostHasALimit() {
    assertThat(WitnessAddress.parse("w".repeat(253) + ":1")).isPresent();
    assertThat(WitnessAddress.parse("w".repeat(254) + ":1")).isEmpty();
  }
}
