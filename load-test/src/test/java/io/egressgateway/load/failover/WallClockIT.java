package io.egressgateway.load.failover;

import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.fault.WallClocks;
import io.egressgateway.load.lab.LabProbes;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.HttpProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The row of the fault matrix in which wall clocks jump. The lab's certificates are valid on both
 * sides of the jump.
 */
@Tag("matrix")
final class WallClockIT {
  private static final Duration JUMP = Duration.ofHours(1);

  /** Several leases. */
  private static final Duration A_WHILE = Duration.ofSeconds(6);

  private static WallClocks clocks;
  private static SharedScene shared;

  @BeforeAll
  static void start(@TempDir Path offsets) throws Exception {
    clocks = WallClocks.in(offsets);
    shared = SharedScene.start(LabSettings.usual().withEnvironment(clocks::environment));
  }

  @AfterAll
  static void end() throws Exception {
    try {
      shared.end();
    } finally {
      clocks.close();
    }
  }

  @Test
  @DisplayName("27 the wall clocks of all agents jump by an hour, each way and back: nothing moves")
  void agents() throws Exception {
    shared.row(
        scene ->
            jump(
                scene.faults().processes("agent-"),
                () -> probes().agent(scene.guide().matchedPod().node(), "/healthz")));
  }

  @Test
  @DisplayName("27 the wall clock of the holder's agent alone jumps: nothing moves")
  void holder() throws Exception {
    shared.row(
        scene ->
            jump(
                List.of(Faults.agentOf(scene.holder())),
                () ->
                    probes()
                        .agent(
                            scene.lab().settings().topology().node(scene.holder()), "/healthz")));
  }

  @Test
  @DisplayName("27 the wall clocks of two of three witnesses jump: nothing moves")
  void witnesses() throws Exception {
    shared.row(
        scene -> jump(List.of("witness-1", "witness-2"), () -> probes().witness(0, "/healthz")));
  }

  @Test
  @DisplayName("27 the wall clocks of two of three controllers jump: nothing moves")
  void controllers() throws Exception {
    shared.row(
        scene ->
            jump(
                List.of("controller-1", "controller-2"), () -> probes().controller(0, "/healthz")));
  }

  private static LabProbes probes() {
    return shared.scene().lab().probes();
  }

  /** Each way and back, which is a jump, too. */
  private static void jump(List<String> processes, Callable<HttpProbe.Answer> asked)
      throws Exception {
    for (Duration offset : List.of(JUMP, JUMP.negated())) {
      shared.unmoved(
          clocks.jump(processes, offset),
          () -> {
            awaitOffset(asked, offset);
            TimeUnit.NANOSECONDS.sleep(A_WHILE.toNanos());
            clocks.set(processes, Duration.ZERO);
            awaitOffset(asked, Duration.ZERO);
            TimeUnit.NANOSECONDS.sleep(A_WHILE.toNanos());
          });
    }
  }

  /** One of the processes says what time it is. */
  private static void awaitOffset(Callable<HttpProbe.Answer> asked, Duration offset)
      throws Exception {
    Patience.USUAL.await(
        "a clock that is off by " + offset,
        () -> {
          Instant now = asked.call().date().orElseThrow();
          Duration off = Duration.between(Instant.now().plus(offset), now).abs();
          return off.compareTo(JUMP.dividedBy(2)) < 0 ? Optional.of(now) : Optional.empty();
        });
  }
}
