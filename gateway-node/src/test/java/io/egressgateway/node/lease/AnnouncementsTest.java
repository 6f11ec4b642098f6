package io.egressgateway.node.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class AnnouncementsTest {
  private static final IpAddress ONE = IpAddress.of("10.6.168.201");
  private static final IpAddress TWO = IpAddress.of("fd00::2");

  private final Announcements announcements = new Announcements();
  private final List<Long> millis = new ArrayList<>();

  /** Says when each address would be announced, in milliseconds, until the given time. */
  private List<IpAddress> run(Duration until) {
    List<IpAddress> said = new ArrayList<>();
    while (true) {
      long now = announcements.nextNanos().orElse(Long.MAX_VALUE);
      if (now > until.toNanos()) {
        return said;
      }
      Optional<IpAddress> next = announcements.next(now);
      assertThat(next).as("nextNanos is when there is something").isPresent();
      said.add(next.get());
      millis.add(Duration.ofNanos(now).toMillis());
    }
  }

  @Test
  void aFreshAddressIsAnnouncedFourTimesAndThenEveryMinute() {
    announcements.opened(set(ONE), 0);
    assertThat(run(Duration.ofSeconds(130))).containsOnly(ONE);
    assertThat(millis).containsExactly(0L, 1100L, 2200L, 3300L, 63_300L, 123_300L);
  }

  @Test
  void whatIsClosedIsNotAnnounced() {
    announcements.opened(set(ONE, TWO), 0);
    announcements.keep(set(TWO));
    assertThat(run(Duration.ofSeconds(4))).containsOnly(TWO).hasSize(4);
    announcements.closed(TWO);
    assertThat(announcements.nextNanos()).isEmpty();
  }

  @Test
  void whatOpensAgainBeginsAnew() {
    announcements.opened(set(ONE), 0);
    run(Duration.ofSeconds(10));
    announcements.opened(set(ONE), Duration.ofSeconds(20).toNanos());
    millis.clear();
    run(Duration.ofSeconds(25));
    assertThat(millis).containsExactly(20_000L, 21_100L, 22_200L, 23_300L);
  }

  @Test
  void manyKeepThePace() {
    SortedSet<IpAddress> many = new TreeSet<>();
    for (int i = 0; i < 1000; i++) {
      many.add(IpAddress.of("10.7." + i / 250 + "." + (1 + i % 250)));
    }
    announcements.opened(many, 0);
    assertThat(run(Duration.ofSeconds(1)))
        .hasSizeBetween(500, 500 + Announcements.BURST + 1)
        .doesNotHaveDuplicates();
  }

  @Test
  void freshAddressesComeBeforeThoseThatAreKnown() {
    SortedSet<IpAddress> known = new TreeSet<>();
    for (int i = 1; i <= 200; i++) {
      known.add(IpAddress.of("10.8.0." + i));
    }
    announcements.opened(known, 0);
    run(Duration.ofSeconds(30));
    long later = Duration.ofSeconds(90).toNanos();
    announcements.opened(set(ONE), later);
    assertThat(announcements.next(later)).contains(ONE);
  }

  private static SortedSet<IpAddress> set(IpAddress... addresses) {
    return new TreeSet<>(List.of(addresses));
  }
}
