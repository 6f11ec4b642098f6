package io.egressgateway.node.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClocksIT {
  private static final int READINGS = 10_000;
  private static final double PPM_MAX = 100_500;

  @Test
  void theRawClockNeverGoesBack() {
    long before = RawClock.nanos();
    for (int i = 0; i < READINGS; i++) {
      long now = RawClock.nanos();
      assertThat(now - before).isNotNegative().isLessThan(Duration.ofMinutes(1).toNanos());
      before = now;
    }
  }

  @Test
  void theRateErrorIsOneThatTheKernelAllows() {
    assertThat(ClockRate.ppm()).isBetween(-PPM_MAX, PPM_MAX);
  }

  @Test
  void aThreadIsGivenPrecedenceAlone() throws Exception {
    FutureTask<Integer> task =
        new FutureTask<>(
            () -> {
              ThreadPriority.ofCallingThread(-3);
              return niceness();
            });
    Thread.ofPlatform().start(task);
    assertThat(task.get()).isEqualTo(-3);
    assertThat(niceness()).isNotEqualTo(-3);
    assertThatThrownBy(() -> ThreadPriority.ofCallingThread(20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void threadsThatAreNotJavasHaveAPriorityToo() throws Exception {
    CompletableFuture<Integer> seen = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("by its name")
        .start(
            () -> {
              try {
                assertThat(ThreadPriority.ofThreadsNamed("by its name", 7)).isEqualTo(1);
                seen.complete(niceness());
              } catch (Exception | AssertionError failed) {
                seen.completeExceptionally(failed);
              }
            });
    assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(ThreadPriority.ofThreadsNamed("nobody's name", 7)).isZero();
  }

  private static int niceness() throws IOException {
    return ThreadStat.read(Path.of("/proc/thread-self")).niceness();
  }
}
