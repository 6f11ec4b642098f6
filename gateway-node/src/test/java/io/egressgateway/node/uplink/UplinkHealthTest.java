package io.egressgateway.node.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.uplink.UplinkHealth.Carrier;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class UplinkHealthTest {
  private static final IpAddress HOP = IpAddress.of("10.0.0.1");
  private static final IpAddress HOP6 = IpAddress.of("fe80::1");

  private static UplinkHealth with(IpAddress... hops) {
    return UplinkHealth.unknown().withHops(new TreeSet<>(List.of(hops)));
  }

  private static UplinkHealth asked(UplinkHealth health, int times) {
    UplinkHealth result = health;
    for (int i = 0; i < times; i++) {
      result = result.asked();
    }
    return result;
  }

  @Test
  void aNextHopThatNeverAnsweredSaysNothing() {
    assertThat(asked(with(HOP), 100).trouble()).isEmpty();
  }

  @Test
  void threeMissedAnswersAreALoss() {
    UplinkHealth heard = with(HOP).asked().answered(HOP);
    assertThat(asked(heard, 3).trouble()).isEmpty();
    assertThat(asked(heard, 4).trouble()).get().asString().contains("10.0.0.1");
    assertThat(asked(heard, 4).answered(HOP).trouble()).isEmpty();
  }

  @Test
  void oneAnswerInBetweenStartsTheCountAnew() {
    UplinkHealth heard = with(HOP).answered(HOP);
    assertThat(asked(asked(heard, 3).answered(HOP), 3).trouble()).isEmpty();
  }

  @Test
  void oneNextHopThatAnswersIsEnough() {
    UplinkHealth both = with(HOP, HOP6).answered(HOP).answered(HOP6);
    assertThat(asked(both, 9).answered(HOP6).trouble()).isEmpty();
    assertThat(asked(both, 9).trouble()).isPresent();
  }

  @Test
  void anotherNextHopStartsUnheard() {
    UplinkHealth silent = asked(with(HOP).answered(HOP), 9);
    assertThat(silent.withHops(new TreeSet<>(List.of(HOP6))).trouble()).isEmpty();
    assertThat(silent.withHops(new TreeSet<>(List.of(HOP, HOP6))).trouble()).isPresent();
  }

  @Test
  void withoutACarrierNothingElseCounts() {
    assertThat(with(HOP).answered(HOP).with(Carrier.ABSENT).trouble()).contains("no carrier");
    assertThat(with(HOP).answered(HOP).with(Carrier.ABSENT).with(Carrier.PRESENT).trouble())
        .isEmpty();
  }

  @Test
  void answersOfOthersAreNone() {
    assertThat(with(HOP).answered(HOP6)).isEqualTo(with(HOP));
  }
}
