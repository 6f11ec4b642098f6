package io.egressgateway.load.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.oracle.Holding.Sound;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class HoldingLogTest {
  private static final NodeName A = new NodeName("a");
  private static final NodeName B = new NodeName("b");
  private static final long MILLI = 1_000_000;

  private final HoldingLog log = new HoldingLog(Ipv4Address.of("10.6.168.201"));

  @Test
  void oneHolderAfterTheOtherIsNoOverlap() {
    for (int i = 0; i < 10; i++) {
      log.answered(A, i, 5 * MILLI * i);
    }
    for (int i = 10; i < 20; i++) {
      log.answered(B, i, 5 * MILLI * i);
    }
    assertThat(log.overlaps()).isEmpty();
    assertThat(log.holdings())
        .containsExactly(
            new Holding(A, 0, 45 * MILLI, OptionalLong.empty()),
            new Holding(B, 50 * MILLI, 95 * MILLI, OptionalLong.empty()));
  }

  @Test
  void twoAnswersToOneQuestionAreAnOverlap() {
    log.answered(A, 7, 0);
    log.answered(B, 7, MILLI);
    assertThat(log.overlaps()).containsExactly(new Overlap(address(), A, B, MILLI, MILLI));
  }

  @Test
  void oneThatIsHeardAgainRightAfterAnotherBeganIsAnOverlap() {
    log.answered(A, 1, 0);
    log.answered(B, 2, 5 * MILLI);
    log.heard(A, 9 * MILLI, Sound.PACKET);
    assertThat(log.overlaps()).containsExactly(new Overlap(address(), A, B, 5 * MILLI, 9 * MILLI));
  }

  @Test
  void anOverlapThatLastsIsOne() {
    for (int i = 0; i < 20; i++) {
      log.answered(i % 2 == 0 ? A : B, i, 5 * MILLI * i);
    }
    assertThat(log.overlaps()).hasSize(1);
    assertThat(log.overlaps().getFirst().length().toMillis()).isEqualTo(90);
  }

  @Test
  void aMoveThereAndBackIsNoOverlap() {
    log.answered(A, 1, 0);
    log.answered(B, 2, 10 * MILLI);
    log.answered(B, 8, 40 * MILLI);
    log.answered(A, 9, 45 * MILLI);
    assertThat(log.overlaps()).isEmpty();
    assertThat(log.holdings()).extracting(Holding::node).containsExactly(A, B, A);
  }

  @Test
  void oneThatWasLongSilentBeginsAnew() {
    log.answered(A, 1, 0);
    log.answered(A, 2, HoldingLog.SILENCE.toNanos() + MILLI);
    assertThat(log.holdings()).hasSize(2);
    assertThat(log.overlaps()).isEmpty();
  }

  @Test
  void theFirstPacketIsNoted() {
    log.answered(A, 1, 0);
    log.heard(A, 2 * MILLI, Sound.PACKET);
    log.heard(A, 3 * MILLI, Sound.PACKET);
    assertThat(log.holdings().getFirst().firstPacketNanos()).hasValue(2 * MILLI);
  }

  private static Ipv4Address address() {
    return Ipv4Address.of("10.6.168.201");
  }
}
