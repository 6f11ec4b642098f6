package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.LabProbes;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.oracle.TcpConnects.Tally;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Rows of the fault matrix that strike controllers, witnesses, the database or the API. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class ControlPlaneFaultsIT {
  private static final Duration A_WHILE = Duration.ofSeconds(6);

  private static final Duration VERY_SLOW = Duration.ofSeconds(30);

  /** First what must move nothing: a node that lost a lease of late is avoided for a while. */
  private static final int CALM = 1;

  private static final int MOVING = 2;

  /** A connection to the database takes some ten answers to begin, each write a few. */
  private static final int ANSWERS = 30;

  private static final int OK = 200;

  private static SharedScene shared;

  @BeforeAll
  static void start() throws Exception {
    shared = SharedScene.start();
  }

  @AfterAll
  static void end() throws Exception {
    shared.end();
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /** Nothing moves, every gateway says why nothing could, and says so no more afterwards. */
  private static void blocked(String reason, Breakage breakage) throws Exception {
    shared.unmoved(
        breakage,
        () -> {
          shared.scene().awaitFailoverBlocked(reason);
          pause(A_WHILE);
        });
    shared.scene().awaitFailoverFree();
  }

  private static void held(Breakage breakage) throws Exception {
    shared.unmoved(breakage, () -> pause(A_WHILE));
  }

  @Test
  @Order(CALM)
  @DisplayName("9 a witness dies and comes back: no lapse")
  void oneWitness() throws Exception {
    shared.row(scene -> held(scene.faults().down("witness-2")));
  }

  @Test
  @Order(MOVING)
  @DisplayName("10 two of three witnesses down: dark within the lease, nothing leaks; it recovers")
  void twoWitnesses() throws Exception {
    shared.row(
        scene -> {
          List<Breakage> down =
              List.of(scene.faults().down("witness-1"), scene.faults().down("witness-3"));
          scene.awaitDarkness();
          for (Breakage witness : down) {
            witness.mend();
          }
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("13 controller SIGKILL: no lapse, no datagram lost")
  void controllerKilled() throws Exception {
    shared.row(
        scene -> {
          for (String controller : scene.faults().processes("controller-")) {
            shared.unmoved(
                scene.faults().crash(controller),
                () -> {
                  scene.awaitRestart(controller);
                  scene.settle();
                });
          }
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("14 controller stopped for long, woken as a stale authority: held, one holder")
  void controllerStopped() throws Exception {
    shared.row(scene -> shared.unmoved(scene.faults().pause("controller-2"), () -> pause(A_WHILE)));
  }

  @Test
  @Order(CALM)
  @DisplayName("15 all controllers away: traffic as before, no lapse")
  void allControllers() throws Exception {
    shared.row(
        scene -> {
          List<Breakage> down = new ArrayList<>();
          for (String controller : scene.faults().processes("controller-")) {
            down.add(scene.faults().down(controller));
          }
          shared.unmoved(down.getFirst(), () -> pause(Duration.ofSeconds(20)));
          for (Breakage controller : down) {
            controller.mend();
          }
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("20 controllers cut off from the witnesses: held, no unplanned move, and said")
  void fromWitnesses() throws Exception {
    shared.row(scene -> blocked("WitnessesUnreachable", scene.faults().controllersFromWitnesses()));
  }

  @Test
  @Order(MOVING)
  @DisplayName("21, 29 database unreachable, then down: held, said; failover when it is back")
  void database() throws Exception {
    shared.row(
        scene -> {
          blocked("JournalUnavailable", scene.faults().databaseUnreachable());
          blocked("JournalUnavailable", scene.faults().databaseDown());
          shared.takeover(scene.faults()::powerOff);
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("30 database slow: a failover takes longer, and commits once")
  void slowDatabase() throws Exception {
    shared.row(
        scene ->
            scene
                .faults()
                .databaseSlow(Duration.ofMillis(200))
                .during(() -> shared.takeover(scene.faults()::powerOff)));
  }

  @Test
  @Order(CALM)
  @DisplayName("30 commits take seconds: held, and said")
  void verySlowDatabase() throws Exception {
    shared.row(scene -> blocked("Journal", scene.faults().databaseSlow(Duration.ofMillis(700))));
  }

  @Test
  @Order(MOVING)
  @DisplayName("31 answers of the database are lost: read again, every epoch once")
  void lostAnswers() throws Exception {
    shared.row(
        scene -> {
          scene
              .faults()
              .databaseSevered(ANSWERS)
              .during(() -> shared.takeover(scene.faults()::powerOff));
          List<Long> epochs = scene.lab().epochs(scene.eip());
          assertThat(epochs)
              .isEqualTo(
                  LongStream.range(epochs.getFirst(), epochs.getFirst() + epochs.size())
                      .boxed()
                      .toList());
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("22, 37 API unreachable, then down: failover all the same")
  void api() throws Exception {
    shared.row(
        scene -> {
          scene.faults().apiUnreachable().during(() -> shared.takeover(scene.faults()::powerOff));
          scene.faults().apiDown().during(() -> shared.takeover(scene.faults()::powerOff));
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("38 every call of the API takes 30 s: nothing moves, failover all the same")
  void slowApi() throws Exception {
    shared.row(
        scene -> {
          shared.unmoved(scene.faults().apiSlow(VERY_SLOW), () -> pause(VERY_SLOW.plus(A_WHILE)));
          scene
              .faults()
              .apiSlow(VERY_SLOW)
              .during(
                  () -> {
                    pause(A_WHILE);
                    shared.takeover(scene.faults()::powerOff);
                  });
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("70 a controller dies while the address moves: the move is finished")
  void controllerKilledInAMove() throws Exception {
    shared.row(
        scene -> {
          for (String controller : scene.faults().processes("controller-")) {
            NodeName from = scene.holder();
            scene.faults().terminate(Faults.agentOf(from)).mend();
            scene.faults().crash(controller).mend();
            scene.awaitRestart(controller);
            scene.awaitRestart(Faults.agentOf(from));
            scene.settle();
          }
          assertThat(scene.policyStatus().eip()).isEqualTo(scene.eip());
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("17 rolling update: witnesses and controllers cost nothing, agents no connection")
  void rollingUpdate() throws Exception {
    shared.row(
        scene -> {
          Tally before = scene.connects().tally();
          for (String witness : scene.faults().processes("witness-")) {
            replace(scene, witness, () -> awaitReady(scene, witness));
          }
          for (String controller : scene.faults().processes("controller-")) {
            replace(scene, controller, scene::settle);
          }
          for (String agent : scene.faults().processes("agent-")) {
            LabProcess former = scene.lab().supervisor().process(agent);
            scene.faults().terminate(agent).mend();
            scene.awaitSuccessor(former);
            scene.settle();
          }
          scene.connects().settle();
          assertThat(scene.connects().tally().since(before).failed()).isZero();
        });
  }

  /** As a StatefulSet does: a witness is not ready while it must not speak. */
  private static void awaitReady(Scene scene, String witness) throws Exception {
    int index = Integer.parseInt(witness.substring("witness-".length())) - 1;
    Patience.USUAL.await(witness + " to be ready", () -> ready(scene.lab().probes(), index));
  }

  private static Optional<Boolean> ready(LabProbes probes, int witness) {
    try {
      return probes.witness(witness, "/readyz").status() == OK
          ? Optional.of(true)
          : Optional.empty();
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private static void replace(Scene scene, String name, Breakage.Interlude afterwards)
      throws Exception {
    LabProcess former = scene.lab().supervisor().process(name);
    shared.unmoved(
        scene.faults().terminate(name),
        () -> {
          scene.awaitSuccessor(former);
          afterwards.play();
        });
  }
}
