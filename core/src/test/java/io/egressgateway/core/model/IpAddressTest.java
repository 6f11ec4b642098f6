package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "10.6.168.201, 10.6.168.201",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "0:0:0:0:0:0:0:0, ::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        // RFC 5952 section 4.1: leading zeros go.
        "2001:0db8::0001, 2001:db8::1",
        // 4.2.1: shorten as much as possible.
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        // 4.2.2: one 16-bit zero group is not shortened.
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        // 4.2.3: the longest run, and of equals the first.
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:0:0:0:1:0:0:0, 1::1:0:0:0",
        // 4.3: lower case.
        "2001:DB8::ABCD, 2001:db8::abcd",
        // 5: a dotted quad for the well-known mapped prefix, hexadecimal elsewhere.
        "::ffff:10.0.0.1, ::ffff:10.0.0.1",
        "::ffff:a00:1, ::ffff:10.0.0.1",
        "0:0:0:0:0:FFFF:10.0.0.1, ::ffff:10.0.0.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "::10.0.0.1, ::a00:1",
        "1:2:3:4:5:6:7.8.9.10, 1:2:3:4:5:6:708:90a",
        "fe80::1, fe80::1",
      })
  void readsAndPrintsCanonically(String text, String canonical) {
    assertThat(IpAddress.of(text)).hasToString(canonical);
    assertThat(IpAddress.of(canonical)).isEqualTo(IpAddress.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "10.0.0",
        "10.0.0.",
        ".10.0.0.1",
        "10.0.0.1.",
        "10.0.0.1.2",
        "10..0.1",
        "10.0.0.256",
        "10.0.0.1000",
        "010.0.0.1",
        "10.0.0.00",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.1 ",
        " 10.0.0.1",
        "10.0.0.0x1",
        "10.0.0.1/32",
        "١0.0.0.1",
        "4294967295",
        ":",
        ":::",
        "::1::",
        "1:::2",
        ":1::2",
        "1::2:",
        ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "::1:2:3:4:5:6:7:8",
        "12345::",
        "g::",
        "::1%eth0",
        "fe80::1%1",
        "[::1]",
        "::10.0.0",
        "::10.0.0.256",
        "::10.0.0.01",
        "10.0.0.1::",
        "1:10.0.0.1::",
        "::10.0.0.1:1",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "::-1",
        "::+1",
        "::١",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555",
      })
  void refuses(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
    assertThatThrownBy(() -> IpAddress.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void refusesEveryTruncationOfAFullAddressButTheOnesThatAreAddresses() {
    String text = "2001:db8:1:2:3:4:5:6";
    assertThat(Stream.iterate(0, i -> i < text.length(), i -> i + 1).map(i -> text.substring(0, i)))
        .allSatisfy(cut -> assertThat(IpAddress.parse(cut)).isEmpty());
  }

  @Test
  void theFamiliesDoNotReadEachOther() {
    assertThat(Ipv4Address.parse("::1")).isEmpty();
    assertThat(Ipv6Address.parse("10.0.0.1")).isEmpty();
    assertThatThrownBy(() -> Ipv4Address.of("::1")).hasMessage("'::1' is not an IPv4 address");
    assertThatThrownBy(() -> Ipv6Address.of("10.0.0.1"))
        .hasMessage("'10.0.0.1' is not an IPv6 address");
    assertThat(IpAddress.of("::ffff:10.0.0.1")).isNotEqualTo(IpAddress.of("10.0.0.1"));
  }

  @Test
  void ordersAllIpv4BeforeAllIpv6AndInsideUnsigned() {
    List<IpAddress> ordered =
        Stream.of(
                "0.0.0.0",
                "9.255.255.255",
                "10.0.0.0",
                "127.255.255.255",
                "128.0.0.0",
                "255.255.255.255",
                "::",
                "::7fff:ffff:ffff:ffff",
                "::8000:0:0:0",
                "0:0:0:1::",
                "7fff::",
                "8000::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
            .map(IpAddress::of)
            .toList();
    assertThat(ordered.reversed().stream().sorted()).isEqualTo(ordered);
    assertThat(ordered.get(0).isBefore(ordered.get(1))).isTrue();
    assertThat(ordered.get(1).isAfter(ordered.get(0))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.255, 10.0.1.0",
    "127.255.255.255, 128.0.0.0",
    "255.255.255.254, 255.255.255.255",
    "::ffff, ::1:0",
    "::ffff:ffff:ffff:ffff, 0:0:0:1::",
    "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 8000::",
  })
  void carries(String low, String high) {
    assertThat(IpAddress.of(low).next()).contains(IpAddress.of(high));
    assertThat(IpAddress.of(high).previous()).contains(IpAddress.of(low));
    assertThat(IpAddress.of(low).plus(BigInteger.ONE)).contains(IpAddress.of(high));
    assertThat(IpAddress.of(high).plus(BigInteger.ONE.negate())).contains(IpAddress.of(low));
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, 255.255.255.255", "::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
  void theFamilyEnds(String lowest, String highest) {
    assertThat(IpAddress.of(lowest).previous()).isEmpty();
    assertThat(IpAddress.of(highest).next()).isEmpty();
    assertThat(IpAddress.of(lowest).plus(BigInteger.ONE.negate())).isEmpty();
    assertThat(IpAddress.of(highest).plus(BigInteger.ONE)).isEmpty();
    assertThat(IpAddress.of(highest).plus(BigInteger.ZERO)).contains(IpAddress.of(highest));
  }

  @Test
  void refusesNumbersAndBytesOfNoFamily() {
    BigInteger beyondIpv4 = BigInteger.ONE.shiftLeft(32);
    assertThatThrownBy(() -> IpAddress.fromBigInteger(IpFamily.IPV4, beyondIpv4))
        .hasMessage("4294967296 is outside IPv4");
    assertThatThrownBy(() -> IpAddress.fromBigInteger(IpFamily.IPV6, BigInteger.ONE.negate()))
        .hasMessage("-1 is outside IPv6");
    assertThatThrownBy(() -> IpAddress.fromBytes(new byte[5]))
        .hasMessage("an IP address has 4 or 16 bytes, not 5");
    assertThatThrownBy(() -> Ipv4Address.fromBytes(new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ipv6Address.fromBytes(new byte[4]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytesAreInNetworkOrder() {
    assertThat(IpAddress.of("10.0.200.1").toBytes()).containsExactly(10, 0, 200, 1);
    assertThat(IpAddress.of("2001:db8::ff").toBytes())
        .containsExactly(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff);
    assertThat(new Ipv4Address(0x0a000001)).hasToString("10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    // address, loopback, multicast, link-local, unspecified
    "0.0.0.0, N, N, N, Y",
    "0.0.0.1, N, N, N, N",
    "126.255.255.255, N, N, N, N",
    "127.0.0.0, Y, N, N, N",
    "127.255.255.255, Y, N, N, N",
    "169.253.255.255, N, N, N, N",
    "169.254.0.0, N, N, Y, N",
    "169.254.255.255, N, N, Y, N",
    "223.255.255.255, N, N, N, N",
    "224.0.0.0, N, Y, N, N",
    "239.255.255.255, N, Y, N, N",
    "240.0.0.0, N, N, N, N",
    "::, N, N, N, Y",
    "::1, Y, N, N, N",
    "::2, N, N, N, N",
    "fe7f:ffff::, N, N, N, N",
    "fe80::, N, N, Y, N",
    "febf:ffff::, N, N, Y, N",
    "fec0::, N, N, N, N",
    "feff::, N, N, N, N",
    "ff00::, N, Y, N, N",
    "ffff::, N, Y, N, N",
  })
  void classes(
      String text, String loopback, String multicast, String linkLocal, String unspecified) {
    IpAddress address = IpAddress.of(text);
    assertThat(
            Stream.of(
                address.isLoopback(),
                address.isMulticast(),
                address.isLinkLocal(),
                address.isUnspecified()))
        .isEqualTo(
            Stream.of(loopback, multicast, linkLocal, unspecified).map("Y"::equals).toList());
  }

  @Test
  void blocksAroundAnAddress() {
    IpAddress v4 = IpAddress.of("10.1.2.3");
    assertThat(v4.lowest(0)).hasToString("0.0.0.0");
    assertThat(v4.highest(0)).hasToString("255.255.255.255");
    assertThat(v4.lowest(32)).isEqualTo(v4);
    assertThat(v4.highest(32)).isEqualTo(v4);
    IpAddress v6 = IpAddress.of("2001:db8:1:2:3:4:5:6");
    assertThat(v6.lowest(0)).hasToString("::");
    assertThat(v6.lowest(63)).hasToString("2001:db8:1:2::");
    assertThat(v6.highest(63)).hasToString("2001:db8:1:3:ffff:ffff:ffff:ffff");
    assertThat(v6.lowest(64)).hasToString("2001:db8:1:2::");
    assertThat(v6.highest(64)).hasToString("2001:db8:1:2:ffff:ffff:ffff:ffff");
    assertThat(v6.highest(65)).hasToString("2001:db8:1:2:7fff:ffff:ffff:ffff");
    assertThat(v6.highest(128)).isEqualTo(v6);
    assertThatThrownBy(() -> v4.lowest(33)).hasMessage("prefix length 33 is outside 0..32 of IPv4");
    assertThatThrownBy(() -> v6.highest(-1))
        .hasMessage("prefix length -1 is outside 0..128 of IPv6");
  }
}
