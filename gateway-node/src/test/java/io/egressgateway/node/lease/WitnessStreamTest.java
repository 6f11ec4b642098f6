package io.egressgateway.node.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.core.witness.v1.RenewRequest;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that cannot be opened, on a loop whose time is the test's. */
final class WitnessStreamTest {
  private static final Duration LEASE = Duration.ofSeconds(3);

  /** Three quarters of the longest delay. */
  private static final long CHANCE = 0xC000_0000_0000_0000L;

  private static final Duration PAUSE = LEASE.multipliedBy(3).dividedBy(4);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final WitnessStream stream;

  /** Each chooses its delay to the next one. */
  private int attempts;

  WitnessStreamTest(@TempDir Path empty) {
    stream =
        new WitnessStream(
            new WitnessStream.Place(0, new WitnessAddress("w1", 1)),
            new WitnessClients.Setting(
                TlsFiles.in(empty, "agent"),
                Thread.ofPlatform().factory(),
                () -> {
                  attempts++;
                  return CHANCE;
                }),
            channel.eventLoop(),
            new Deaf());
    channel.freezeTime();
  }

  private static final class Deaf implements WitnessLine.Answers {
    @Override
    public void promised(int witness, long incarnation, long sequence) {
      throw new AssertionError("there is no witness");
    }

    @Override
    public void nacked(int witness, long incarnation) {
      throw new AssertionError("there is no witness");
    }
  }

  private void renew() {
    stream.send(
        RenewRequest.newBuilder()
            .setLeaseMicros(LEASE.dividedBy(ChronoUnit.MICROS.getDuration()))
            .build());
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void renewalsBetweenTwoAttemptsMakeNoMore() {
    renew();
    stream.open();
    assertThat(attempts).isEqualTo(1);
    Duration step = PAUSE.dividedBy(10);
    for (int attempt = 1; attempt < 5; attempt++) {
      for (int steps = 1; steps < 10; steps++) {
        renew();
        pass(step);
        assertThat(attempts).isEqualTo(attempt);
      }
      pass(step);
      assertThat(attempts).isEqualTo(attempt + 1);
    }
  }

  @Test
  void afterTheEndThereIsNoAttempt() {
    renew();
    stream.open();
    stream.close();
    pass(PAUSE);
    assertThat(attempts).isEqualTo(1);
  }
}
