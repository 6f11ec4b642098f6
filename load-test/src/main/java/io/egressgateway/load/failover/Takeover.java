package io.egressgateway.load.failover;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.oracle.Holding;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One way of an egress IP from a node to another.
 *
 * @param beganNanos when it was caused, by {@link System#nanoTime}
 * @param lastAnswer of the former holder, after that moment; negative if it was before
 * @param firstAnswer of the next holder, after that moment
 * @param forwarded the first datagram after the gap, after that moment
 * @param gap the longest time without a datagram at the server
 */
public record Takeover(
    NodeName from,
    NodeName to,
    long beganNanos,
    Duration lastAnswer,
    Duration firstAnswer,
    Duration forwarded,
    Duration gap) {

  /** A pause of the stream that is not the machine's. */
  private static final Duration NOTABLE = Duration.ofMillis(150);

  /** Something that makes the holder lose the address. */
  @FunctionalInterface
  public interface Cause {
    Breakage strike(NodeName holder) throws Exception;
  }

  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(60), Duration.ofMillis(5));
  private static final Duration AFTERMATH = Duration.ofMillis(400);

  /** When the address is answered and forwards elsewhere again. */
  public Duration whole() {
    return firstAnswer.compareTo(forwarded) > 0 ? firstAnswer : forwarded;
  }

  /** A takeover and what is still broken after it. */
  public record Observed(Takeover takeover, Breakage breakage) {}

  /** Strikes the holder and watches until another node answers and forwards. */
  public static Observed watch(Scene scene, Cause cause) throws Exception {
    scene.awaitFlow();
    NodeName from = scene.holder();
    long began = System.nanoTime();
    Breakage breakage = cause.strike(from);
    Holding next =
        PATIENCE.await(
            "another node than %s to answer for %s".formatted(from, scene.eip()),
            () -> scene.arp().successor(scene.eip(), from, began));
    long resumed =
        PATIENCE.await(
            "datagrams to arrive by way of " + next.node(), () -> resumed(scene, next, began));
    Takeover takeover =
        new Takeover(
            from,
            next.node(),
            began,
            Duration.ofNanos(scene.arp().lastHeard(scene.eip(), from).orElse(began) - began),
            Duration.ofNanos(next.firstNanos() - began),
            Duration.ofNanos(resumed - began),
            scene.stream().longestGapSince(began));
    return new Observed(takeover, breakage);
  }

  private static Optional<Long> resumed(Scene scene, Holding next, long began) {
    OptionalLong afterGap = scene.stream().resumedSince(began, NOTABLE);
    if (afterGap.isPresent()) {
      return Optional.of(afterGap.getAsLong());
    }
    // A planned move leaves no gap worth the name.
    long last = scene.stream().lastArrivalNanos();
    return last - next.firstNanos() > NOTABLE.toNanos()
        ? Optional.of(next.firstNanos())
        : Optional.empty();
  }

  /**
   * What a planned move did to those who use the address.
   *
   * @param gap the longest time without a datagram at the server
   * @param lost datagrams
   */
  public record Disturbance(Duration gap, long lost) {}

  /** Something planned, which returns when it is done. */
  @FunctionalInterface
  public interface Planned {
    void run() throws Exception;
  }

  /** Has something planned done and says what it did to the datagrams, a moment after included. */
  public static Disturbance disturbance(Scene scene, Planned planned) throws Exception {
    scene.awaitFlow();
    long began = System.nanoTime();
    planned.run();
    Thread.sleep(AFTERMATH);
    return new Disturbance(scene.stream().longestGapSince(began), scene.stream().lostSince(began));
  }
}
