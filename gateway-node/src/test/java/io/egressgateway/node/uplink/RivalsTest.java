package io.egressgateway.node.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.uplink.Rivals.Response;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RivalsTest {
  private static final IpAddress HELD = IpAddress.of("10.0.0.9");
  private static final MacAddress OWN = MacAddress.of("02:00:00:00:00:01");
  private static final MacAddress OTHER = MacAddress.of("02:00:00:00:00:02");
  private static final Claim CLAIM = new Claim(HELD, OTHER);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Rivals rivals = new Rivals();

  @BeforeEach
  void hold() {
    rivals.hold(new TreeSet<>(List.of(HELD)));
  }

  @Test
  void ownFramesAndAddressesOfOthersAreNoConflict() {
    assertThat(rivals.on(new Claim(HELD, OWN), OWN, 0)).isEqualTo(Response.IGNORE);
    assertThat(rivals.on(new Claim(IpAddress.of("10.0.0.8"), OTHER), OWN, 0))
        .isEqualTo(Response.IGNORE);
  }

  @Test
  void anAddressIsDefendedOnceInTenSecondsAndReportedOnceASecond() {
    assertThat(rivals.on(CLAIM, OWN, 0)).isEqualTo(Response.REPORT_AND_DEFEND);
    assertThat(rivals.on(CLAIM, OWN, SECOND / 2)).isEqualTo(Response.IGNORE);
    assertThat(rivals.on(CLAIM, OWN, SECOND)).isEqualTo(Response.REPORT);
    assertThat(rivals.on(CLAIM, OWN, 9 * SECOND)).isEqualTo(Response.REPORT);
    assertThat(rivals.on(CLAIM, OWN, 10 * SECOND)).isEqualTo(Response.REPORT_AND_DEFEND);
  }

  @Test
  void whatIsGivenUpIsForgotten() {
    assertThat(rivals.on(CLAIM, OWN, 0)).isEqualTo(Response.REPORT_AND_DEFEND);
    rivals.hold(new TreeSet<>());
    assertThat(rivals.on(CLAIM, OWN, 1)).isEqualTo(Response.IGNORE);
    hold();
    assertThat(rivals.on(CLAIM, OWN, 2)).isEqualTo(Response.REPORT_AND_DEFEND);
  }
}
