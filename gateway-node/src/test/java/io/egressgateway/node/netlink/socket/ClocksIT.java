package io.egressgateway.node.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClocksIT {
  private static final int READINGS = 10_000;
  private static final double PPM_MAX = 100_500;
  private static final int NICENESS_FIELD = 18;

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
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              ThreadPriority.ofCallingThread(-3);
              return niceness();
            });
    Thread.ofPlatform().start(task);
    assertThat(task.get()).isEqualTo("-3");
    assertThat(niceness()).isNotEqualTo("-3");
    assertThatThrownBy(() -> ThreadPriority.ofCallingThread(20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void threadsThatAreNotJavasHaveAPriorityToo() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
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
    assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("7");
    assertThat(ThreadPriority.ofThreadsNamed("nobody's name", 7)).isZero();
  }

  /** Of the calling thread: field 19 of proc(5)'s stat, behind a name that may have blanks. */
  private static String niceness() throws Exception {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return behindName[NICENESS_FIELD - 2];
  }
}
