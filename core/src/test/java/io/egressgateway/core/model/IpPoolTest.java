package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IpPoolTest {

  private static IpRange range(String text) {
    int dash = text.indexOf('-');
    return dash < 0
        ? IpRange.single(IpAddress.of(text))
        : new IpRange(
            IpAddress.of(text.substring(0, dash)), IpAddress.of(text.substring(dash + 1)));
  }

  private static IpPool pool(IpFamily family, String... ranges) {
    return IpPool.of(family, Stream.of(ranges).map(IpPoolTest::range).toList());
  }

  private static SortedSet<IpAddress> taken(String... addresses) {
    SortedSet<IpAddress> taken = new TreeSet<>();
    Stream.of(addresses).map(IpAddress::of).forEach(taken::add);
    return taken;
  }

  @Test
  void handsOutTheLowestFreeAddress() {
    IpPool pool = pool(IpFamily.IPV4, "10.0.0.9", "10.0.0.1-10.0.0.3");
    assertThat(pool.firstFree(taken())).contains(IpAddress.of("10.0.0.1"));
    assertThat(pool.firstFree(taken("10.0.0.1", "10.0.0.2"))).contains(IpAddress.of("10.0.0.3"));
    assertThat(pool.firstFree(taken("10.0.0.1", "10.0.0.2", "10.0.0.3")))
        .contains(IpAddress.of("10.0.0.9"));
    assertThat(pool.firstFree(taken("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"))).isEmpty();
  }

  @Test
  void goesRound() {
    IpPool pool = pool(IpFamily.IPV4, "10.0.0.1-10.0.0.3", "10.0.0.9");
    assertThat(pool.nextFree(IpAddress.of("10.0.0.1"), taken("10.0.0.2")))
        .contains(IpAddress.of("10.0.0.3"));
    assertThat(pool.nextFree(IpAddress.of("10.0.0.3"), taken())).contains(IpAddress.of("10.0.0.9"));
    assertThat(pool.nextFree(IpAddress.of("10.0.0.9"), taken())).contains(IpAddress.of("10.0.0.1"));
    assertThat(pool.nextFree(IpAddress.of("10.0.0.5"), taken("10.0.0.9", "10.0.0.1")))
        .contains(IpAddress.of("10.0.0.2"));
    // The address itself is the last resort.
    assertThat(pool.nextFree(IpAddress.of("10.0.0.2"), taken("10.0.0.1", "10.0.0.3", "10.0.0.9")))
        .contains(IpAddress.of("10.0.0.2"));
    assertThat(IpPool.empty(IpFamily.IPV4).nextFree(IpAddress.of("10.0.0.2"), taken())).isEmpty();
  }

  @Test
  void aHugePoolCostsNothing() {
    IpPool everything = pool(IpFamily.IPV6, "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assertThat(everything.size()).isEqualTo(BigInteger.TWO.pow(128));
    assertThat(everything.firstFree(taken("::", "::1"))).contains(IpAddress.of("::2"));
    assertThat(everything.free(taken("::", "::1", "10.0.0.1")))
        .isEqualTo(BigInteger.TWO.pow(128).subtract(BigInteger.TWO));
    IpAddress highest = IpAddress.of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assertThat(everything.nextFree(highest, taken())).contains(IpAddress.of("::"));
    assertThat(
            everything.without(IpPool.of(IpFamily.IPV6, List.of(IpRange.single(highest)))).size())
        .isEqualTo(BigInteger.TWO.pow(128).subtract(BigInteger.ONE));
  }

  @Test
  void theLastAddressOfTheFamilyCanBeTaken() {
    IpPool pool = pool(IpFamily.IPV4, "255.255.255.255");
    assertThat(pool.firstFree(taken())).contains(IpAddress.of("255.255.255.255"));
    assertThat(pool.firstFree(taken("255.255.255.255"))).isEmpty();
  }

  @Test
  void overlapIsReportedNotMerged() {
    List<IpRange> ranges = List.of(range("10.0.0.5-10.0.0.9"), range("10.0.0.1-10.0.0.5"));
    assertThat(IpPool.overlap(ranges))
        .contains(new Overlap(range("10.0.0.1-10.0.0.5"), range("10.0.0.5-10.0.0.9")));
    assertThatThrownBy(() -> IpPool.of(IpFamily.IPV4, ranges))
        .hasMessage("10.0.0.1-10.0.0.5 overlaps 10.0.0.5-10.0.0.9");
    assertThat(IpPool.overlap(List.of(range("10.0.0.1"), range("10.0.0.1")))).isPresent();
    assertThat(IpPool.overlap(List.of(range("10.0.0.1"), range("10.0.0.2")))).isEmpty();
  }

  @Test
  void holdsOneFamily() {
    assertThatThrownBy(() -> pool(IpFamily.IPV4, "fd00::1")).hasMessage("fd00::1 is not IPv4");
    assertThat(IpPool.empty(IpFamily.IPV4)).isNotEqualTo(IpPool.empty(IpFamily.IPV6));
    assertThat(pool(IpFamily.IPV4, "10.0.0.1").contains(IpAddress.of("::a00:1"))).isFalse();
  }

  @Test
  void neighboursJoin() {
    assertThat(pool(IpFamily.IPV4, "10.0.0.6-10.0.0.9", "10.0.0.1-10.0.0.5"))
        .isEqualTo(pool(IpFamily.IPV4, "10.0.0.1-10.0.0.9"))
        .hasToString("[10.0.0.1-10.0.0.9]");
  }

  @Test
  void namesTheSharedAddresses() {
    IpPool pool = pool(IpFamily.IPV4, "10.0.0.1-10.0.0.9", "10.0.1.1-10.0.1.9");
    assertThat(pool.intersects(pool(IpFamily.IPV4, "10.0.1.5-10.0.2.5")))
        .contains(range("10.0.1.5-10.0.1.9"));
    assertThat(pool.intersects(pool(IpFamily.IPV4, "10.0.0.10-10.0.1.0"))).isEmpty();
    assertThat(pool.intersects(IpPool.empty(IpFamily.IPV6))).isEmpty();
  }
}
