package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @CsvSource({
    // text, canonical, last, size, hosts
    "192.200.0.1/16, 192.200.0.0/16, 192.200.255.255, 65536, 192.200.0.1-192.200.255.254",
    "0.0.0.0/0, 0.0.0.0/0, 255.255.255.255, 4294967296, 0.0.0.1-255.255.255.254",
    "255.255.255.255/0, 0.0.0.0/0, 255.255.255.255, 4294967296, 0.0.0.1-255.255.255.254",
    "255.255.255.255/32, 255.255.255.255/32, 255.255.255.255, 1, 255.255.255.255",
    "10.0.0.3/31, 10.0.0.2/31, 10.0.0.3, 2, 10.0.0.2-10.0.0.3",
    "10.0.0.3/30, 10.0.0.0/30, 10.0.0.3, 4, 10.0.0.1-10.0.0.2",
    "10.0.0.3/1, 0.0.0.0/1, 127.255.255.255, 2147483648, 0.0.0.1-127.255.255.254",
    "fd00::1/126, fd00::/126, fd00::3, 4, fd00::-fd00::3",
    "fd00::5/128, fd00::5/128, fd00::5, 1, fd00::5",
    "fd00::/64, fd00::/64, fd00::ffff:ffff:ffff:ffff, 18446744073709551616,"
        + " fd00::-fd00::ffff:ffff:ffff:ffff",
    "::/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,"
        + " 340282366920938463463374607431768211456,"
        + " ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  })
  void reads(String text, String canonical, String last, BigInteger size, String hosts) {
    Cidr cidr = Cidr.of(text);
    assertThat(cidr).hasToString(canonical);
    assertThat(Cidr.of(canonical)).isEqualTo(cidr);
    assertThat(cidr.first()).isEqualTo(cidr.address());
    assertThat(cidr.last()).hasToString(last);
    assertThat(cidr.size()).isEqualTo(size).isEqualTo(cidr.range().size());
    assertThat(cidr.hosts()).hasToString(hosts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "/8",
        "10.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/8 ",
        "10.0.0.0/ 8",
        "10.0.0.0/99999999999",
        "::/129",
        "::/1000",
        "fe80::%eth0/64",
      })
  void refuses(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
    assertThatThrownBy(() -> Cidr.of(text)).hasMessageContaining("'" + text + "' is not a CIDR");
  }

  @Test
  void aBareAddressIsABlockWhereItIsAskedFor() {
    assertThat(Cidr.parseCidrOrAddress("10.6.1.92")).contains(Cidr.of("10.6.1.92/32"));
    assertThat(Cidr.parseCidrOrAddress("fd00::1")).contains(Cidr.of("fd00::1/128"));
    assertThat(Cidr.parseCidrOrAddress("10.6.1.92/24")).contains(Cidr.of("10.6.1.0/24"));
    assertThat(Cidr.parseCidrOrAddress("10.6.1.92/")).isEmpty();
    assertThat(Cidr.parseCidrOrAddress("nonsense")).isEmpty();
  }

  @Test
  void refusesAPrefixOutsideTheFamily() {
    IpAddress address = IpAddress.of("10.0.0.0");
    assertThatThrownBy(() -> new Cidr(address, 33)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cidr(address, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void containsWithinTheFamilyOnly() {
    Cidr block = Cidr.of("10.0.0.0/8");
    assertThat(block.contains(IpAddress.of("10.255.255.255"))).isTrue();
    assertThat(block.contains(IpAddress.of("11.0.0.0"))).isFalse();
    assertThat(block.contains(IpAddress.of("9.255.255.255"))).isFalse();
    assertThat(Cidr.everything(IpFamily.IPV6).contains(IpAddress.of("10.0.0.1"))).isFalse();
    assertThat(Cidr.everything(IpFamily.IPV4).contains(IpAddress.of("::"))).isFalse();
    assertThat(block.contains(Cidr.of("10.1.0.0/16"))).isTrue();
    assertThat(block.contains(block)).isTrue();
    assertThat(block.contains(Cidr.of("0.0.0.0/0"))).isFalse();
    assertThat(block.overlaps(Cidr.of("0.0.0.0/0"))).isTrue();
    assertThat(block.overlaps(Cidr.of("11.0.0.0/8"))).isFalse();
  }

  @Test
  void ordersByAddressThenLargerBlockFirst() {
    assertThat(Stream.of("::/0", "10.1.0.0/16", "10.0.0.0/16", "10.0.0.0/8").map(Cidr::of).sorted())
        .map(Cidr::toString)
        .containsExactly("10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "::/0");
  }

  @Test
  void containmentIsThatOfTheRanges() {
    Property.forAll(
        random -> {
          IpFamily family = Property.family(random);
          Cidr block =
              new Cidr(Property.address(random, family), random.nextInt(family.bits() + 1));
          Cidr other =
              new Cidr(Property.address(random, family), random.nextInt(family.bits() + 1));
          IpAddress address = Property.address(random, family);
          assertThat(block.contains(address)).isEqualTo(block.range().contains(address));
          assertThat(block.contains(other)).isEqualTo(block.range().contains(other.range()));
          assertThat(block.overlaps(other)).isEqualTo(block.range().overlaps(other.range()));
          assertThat(block.range().toCidrs()).containsExactly(block);
          assertThat(Cidr.of(block.toString())).isEqualTo(block);
        });
  }
}
