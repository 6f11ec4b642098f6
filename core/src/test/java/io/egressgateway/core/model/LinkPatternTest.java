package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinkPatternTest {

  @ParameterizedTest
  @CsvSource({
    "br-*, br-0a1b2c, true",
    "br-*, br-, true",
    "br-*, br0, false",
    "br-*, vmbr0, false",
    "br-*, xbr-1, false",
    "^cali.*, cali12345, true",
    "^cali.*, xcali1, false",
    "^eth, eth0, false",
    "^eth[0-3]$, eth3, true",
    "^a|b, xb, false",
    "eth0, eth0, true",
    "eth0, eth0.100, false",
    "eth0.*, eth0.100, true",
    "eth0.*, eth01100, false",
    "veth?, veth1, true",
    "veth?, veth12, false",
    "a(b, a(b, true",
    "*, lo, true",
  })
  void aPatternIsForTheWholeName(String pattern, String name, boolean matches) {
    assertThat(new LinkPattern(pattern).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eth0 eth1", "a/b", "^cali(", "^["})
  void whatNoNameCanBeLikeIsRefusedByName(String pattern) {
    assertThatThrownBy(() -> new LinkPattern(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pattern.isEmpty() ? "empty" : "'" + pattern + "'");
  }
}
