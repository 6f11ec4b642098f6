package io.egressgateway.node.app;

import io.egressgateway.node.lease.ClockComparison;
import io.egressgateway.node.netlink.socket.ClockRate;
import io.egressgateway.node.netlink.socket.RawClock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Compares the node's clocks as long as the agent runs. Thread-safe. */
final class ClockWatch {
  /** Less is not worth a message. */
  private static final int STEP_PPM = 100;

  private final ClockComparison comparison = new ClockComparison(RawClock::nanos, System::nanoTime);
  private volatile Optional<Double> measured = Optional.empty();
  private int told;

  /** What was measured last; before that what the kernel is told to do. */
  double ppm() {
    return measured.orElseGet(ClockRate::ppm);
  }

  /**
   * Starts to compare.
   *
   * @param listener is told the rate, to the hundred, whenever it is another
   */
  void start(IntConsumer listener) {
    Thread.ofVirtual().name("clocks").start(() -> run(listener));
  }

  private void run(IntConsumer listener) {
    try {
      while (true) {
        comparison.read().ifPresent(ppm -> tell(ppm, listener));
        TimeUnit.NANOSECONDS.sleep(ClockComparison.WINDOW.toNanos());
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(double ppm, IntConsumer listener) {
    measured = Optional.of(ppm);
    int rounded = (int) Math.round(ppm / STEP_PPM) * STEP_PPM;
    if (rounded != told) {
      told = rounded;
      listener.accept(rounded);
    }
  }
}
