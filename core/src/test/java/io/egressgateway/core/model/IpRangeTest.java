package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpRangeTest {

  private static IpRange range(String first, String last) {
    return new IpRange(IpAddress.of(first), IpAddress.of(last));
  }

  @Test
  void saysWhyTheEndsDoNotBelongTogether() {
    assertThatThrownBy(() -> range("10.0.0.9", "10.0.0.1"))
        .hasMessage("reversed range: 10.0.0.9 is above 10.0.0.1; write the lower address first");
    assertThatThrownBy(() -> range("10.0.0.9", "fd00::1"))
        .hasMessage("mixed families: 10.0.0.9 is IPv4, fd00::1 is IPv6");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, 1, 10.0.0.1/32",
    "10.0.0.0, 10.0.0.255, 256, 10.0.0.0/24",
    "10.0.0.1, 10.0.0.6, 6, 10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32",
    "10.6.168.201, 10.6.168.205, 5, 10.6.168.201/32 10.6.168.202/31 10.6.168.204/31",
    "0.0.0.0, 255.255.255.255, 4294967296, 0.0.0.0/0",
    "255.255.255.254, 255.255.255.255, 2, 255.255.255.254/31",
    "127.255.255.255, 128.0.0.0, 2, 127.255.255.255/32 128.0.0.0/32",
    "::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 340282366920938463463374607431768211456, ::/0",
    "::ffff:ffff:ffff:ffff, 0:0:0:1::, 2, ::ffff:ffff:ffff:ffff/128 0:0:0:1::/128",
  })
  void sizesAndBlocks(String first, String last, BigInteger size, String cidrs) {
    IpRange range = range(first, last);
    assertThat(range.size()).isEqualTo(size);
    assertThat(range.toCidrs().stream().map(Cidr::toString)).containsExactly(cidrs.split(" "));
  }

  @Test
  void theWorstRangesNeedTwoBlocksPerBit() {
    assertThat(range("0.0.0.1", "255.255.255.254").toCidrs()).hasSize(62);
    assertThat(range("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe").toCidrs()).hasSize(254);
  }

  @Test
  void printsOneAddressAloneAndARangeWithADash() {
    assertThat(IpRange.single(IpAddress.of("10.0.0.1"))).hasToString("10.0.0.1");
    assertThat(range("10.0.0.1", "10.0.0.2")).hasToString("10.0.0.1-10.0.0.2");
  }

  @Test
  void overlapNeedsASharedAddress() {
    IpRange range = range("10.0.0.5", "10.0.0.9");
    assertThat(range.overlaps(range("10.0.0.9", "10.0.0.20"))).isTrue();
    assertThat(range.overlaps(range("10.0.0.10", "10.0.0.20"))).isFalse();
    assertThat(range.overlaps(range("10.0.0.1", "10.0.0.4"))).isFalse();
    assertThat(range.overlaps(range("10.0.0.6", "10.0.0.7"))).isTrue();
    assertThat(range.overlaps(Cidr.everything(IpFamily.IPV6).range())).isFalse();
    assertThat(range.contains(range("10.0.0.5", "10.0.0.9"))).isTrue();
    assertThat(range.contains(range("10.0.0.5", "10.0.0.10"))).isFalse();
    assertThat(range.contains(IpAddress.of("::a00:5"))).isFalse();
    assertThat(range.intersection(range("10.0.0.8", "10.0.0.20")))
        .contains(range("10.0.0.8", "10.0.0.9"));
  }

  @Test
  void blocksCoverTheRangeExactlyAndCannotBeJoined() {
    Property.forAll(
        random -> {
          IpRange range = Property.range(random, Property.family(random));
          List<Cidr> cidrs = range.toCidrs();
          assertThat(cidrs.getFirst().first()).isEqualTo(range.first());
          assertThat(cidrs.getLast().last()).isEqualTo(range.last());
          for (int i = 1; i < cidrs.size(); i++) {
            Cidr former = cidrs.get(i - 1);
            Cidr latter = cidrs.get(i);
            assertThat(former.last().next()).contains(latter.first());
            // Fewest: two neighbours of one size that are the halves of a block would be it.
            boolean halves =
                former.prefixLength() == latter.prefixLength()
                    && former.prefixLength() > 0
                    && new Cidr(former.address(), former.prefixLength() - 1).contains(latter);
            assertThat(halves).as("%s and %s", former, latter).isFalse();
          }
        });
  }
}
