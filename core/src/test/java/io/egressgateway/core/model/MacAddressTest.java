package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

  @Test
  void readsAndPrints() {
    MacAddress mac = MacAddress.of("66:00:0A:fF:00:01");
    assertThat(mac).hasToString("66:00:0a:ff:00:01").isEqualTo(new MacAddress(0x66000aff0001L));
    assertThat(mac.toBytes()).containsExactly(0x66, 0, 0x0a, 0xff, 0, 1);
    assertThat(new MacAddress(0)).hasToString("00:00:00:00:00:00");
    assertThat(new MacAddress(0xffff_ffff_ffffL)).hasToString("ff:ff:ff:ff:ff:ff");
    assertThat(new MacAddress(0)).isLessThan(new MacAddress(0xffff_ffff_ffffL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "66:00:00:00:00",
        "66:00:00:00:00:01:02",
        "66-00-00-00-00-01",
        "6600.0000.0001",
        "660000000001",
        "66:00:00:00:00:0g",
        "66:00:00:00:00:1",
        "66:00:00:00:000:1",
        "66:00:00:00:00:٠١",
      })
  void refuses(String text) {
    assertThat(MacAddress.parse(text)).isEmpty();
    assertThatThrownBy(() -> MacAddress.of(text)).hasMessageContaining("'" + text + "'");
  }

  @Test
  void refusesMoreThan48Bits() {
    assertThatThrownBy(() -> new MacAddress(1L << 48))
        .hasMessage("a MAC address has 48 bits; 0x1000000000000 has more");
    assertThatThrownBy(() -> new MacAddress(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MacAddress.fromBytes(new byte[8]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFormReadsBack() {
    Property.forAll(
        random -> {
          MacAddress mac = new MacAddress(random.nextLong() >>> 16);
          assertThat(MacAddress.of(mac.toString())).isEqualTo(mac);
          assertThat(MacAddress.fromBytes(mac.toBytes())).isEqualTo(mac);
        });
  }
}
