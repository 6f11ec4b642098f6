package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolEntryTest {

  @ParameterizedTest
  @CsvSource({
    "IPV4, 10.6.1.21, 10.6.1.21",
    "IPV4, 10.6.168.201-10.6.168.205, 10.6.168.201-10.6.168.205",
    "IPV4, 10.6.1.21-10.6.1.21, 10.6.1.21",
    "IPV4, 10.6.1.0/24, 10.6.1.1-10.6.1.254",
    "IPV4, 10.6.1.77/24, 10.6.1.1-10.6.1.254",
    "IPV4, 10.6.1.4/30, 10.6.1.5-10.6.1.6",
    "IPV4, 10.6.1.4/31, 10.6.1.4-10.6.1.5",
    "IPV4, 10.6.1.4/32, 10.6.1.4",
    "IPV4, 10.0.0.0/8, 10.0.0.1-10.255.255.254",
    "IPV6, fd00::21, fd00::21",
    "IPV6, fd00::21-fd00::30, fd00::21-fd00::30",
    "IPV6, fd00::/126, fd00::-fd00::3",
    "IPV6, fd00::/64, fd00::-fd00::ffff:ffff:ffff:ffff",
    "IPV6, FD00:0::1, fd00::1",
  })
  void reads(IpFamily family, String text, String range) {
    assertThat(PoolEntry.parse(family, text))
        .isInstanceOfSatisfying(
            PoolParse.Valid.class, valid -> assertThat(valid.range()).hasToString(range));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IPV4|10.0.0.9-10.0.0.1"
            + "|reversed range: 10.0.0.9 is above 10.0.0.1; write the lower address first",
        "IPV6|fd00::9-fd00::1"
            + "|reversed range: fd00::9 is above fd00::1; write the lower address first",
        "IPV4|fd00::1|'fd00::1' is an IPv6 address in the ipv4 list; move it to the ipv6 list",
        "IPV4|fd00::1-fd00::2"
            + "|'fd00::1-fd00::2' is an IPv6 range in the ipv4 list; move it to the ipv6 list",
        "IPV6|10.0.0.0/8|'10.0.0.0/8' is an IPv4 CIDR in the ipv6 list; move it to the ipv4 list",
        "IPV4|10.0.0.1-fd00::1"
            + "|mixed families in '10.0.0.1-fd00::1': 10.0.0.1 is IPv4, fd00::1 is IPv6; both ends"
            + " must be IPv4",
        "IPV4|10.0.0.1 - 10.0.0.2"
            + "|'10.0.0.1 - 10.0.0.2' contains spaces; write '10.0.0.1-10.0.0.2'",
        "IPV4|10.0.0.300|'10.0.0.300' is not an address, a range a-b or a CIDR",
      })
  void saysWhatIsWrong(IpFamily family, String text, String reason) {
    assertThat(PoolEntry.parse(family, text)).isEqualTo(new PoolParse.Invalid(text, reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "/",
        "-10.0.0.1",
        "10.0.0.1-",
        "10.0.0.1-10",
        "10.0.0.1-10.0.0.2-10.0.0.3",
        "10.0.0.0/24-10.0.1.0/24",
        "10.0.0.0/33",
        "10.0.0.0/",
        "010.0.0.1",
        "10.0.0.1,10.0.0.2",
        "gateway.example",
      })
  void refusesWhatIsNoEntry(String text) {
    assertThat(PoolEntry.parse(IpFamily.IPV4, text))
        .isEqualTo(
            new PoolParse.Invalid(
                text, "'%s' is not an address, a range a-b or a CIDR".formatted(text)));
  }

  @Test
  void everyRangeReadsBackFromItsText() {
    Property.forAll(
        random -> {
          IpRange range = Property.range(random, Property.family(random));
          assertThat(PoolEntry.parse(range.family(), range.toString()))
              .isEqualTo(new PoolParse.Valid(range));
        });
  }
}
