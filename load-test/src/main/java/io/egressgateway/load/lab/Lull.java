package io.egressgateway.load.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Waits until the machine has little to do. All nodes of the lab share its processors, as real
 * machines do not: a JVM that starts on one "node" holds up the others, and a failover that is
 * timed meanwhile measures that.
 *
 * @param busyMax share of all processors that may be busy over a second, 0 to 1
 * @param limit when to go on all the same
 */
public record Lull(double busyMax, Duration limit) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final Duration STEP = Duration.ofMillis(250);
  private static final int STEPS = 4;

  /** Columns of the first line, after its name: user, nice, system, idle, iowait and others. */
  private static final int IDLE = 3;

  private static final int IOWAIT = 4;

  /** The guests' time is part of user's and nice's. */
  private static final int COLUMNS = 8;

  /** Ticks since the machine was started. */
  record Ticks(long busy, long all) {
    static Ticks parse(String line) {
      long[] columns =
          Arrays.stream(line.trim().split("\\s+"))
              .skip(1)
              .limit(COLUMNS)
              .mapToLong(Long::parseLong)
              .toArray();
      long all = Arrays.stream(columns).sum();
      return new Ticks(all - columns[IDLE] - columns[IOWAIT], all);
    }

    static Ticks now() throws IOException {
      try (var lines = Files.lines(STAT, US_ASCII)) {
        return parse(lines.findFirst().orElseThrow(() -> new IOException(STAT + " is empty")));
      }
    }

    /** The share of all processors that were busy since; 0 if no tick has passed. */
    double busySince(Ticks earlier) {
      long passed = all - earlier.all;
      return passed == 0 ? 0 : (double) (busy - earlier.busy) / passed;
    }
  }

  /**
   * What was found.
   *
   * @param waited until it was quiet, or the limit
   * @param busy share of all processors in the last second
   */
  public record Found(Duration waited, double busy) {}

  /** Waits for the first second that is quiet, at least that second. */
  public Found await() throws IOException, InterruptedException {
    long began = System.nanoTime();
    Deque<Ticks> second = new ArrayDeque<>();
    second.add(Ticks.now());
    while (true) {
      Thread.sleep(STEP);
      Ticks now = Ticks.now();
      second.add(now);
      if (second.size() > STEPS) {
        double busy = now.busySince(second.removeFirst());
        Duration waited = Duration.ofNanos(System.nanoTime() - began);
        if (busy <= busyMax || waited.compareTo(limit) >= 0) {
          return new Found(waited, busy);
        }
      }
    }
  }

  /** Whether what was found is what was waited for. */
  public boolean isMetBy(Found found) {
    return found.busy() <= busyMax;
  }
}
