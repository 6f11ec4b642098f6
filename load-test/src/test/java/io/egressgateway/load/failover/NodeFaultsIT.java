package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.oracle.TcpConnects.Tally;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Rows of the fault matrix that strike a gateway node: its power, its agent, its wires. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class NodeFaultsIT {
  private static final List<Integer> ONE = List.of(1);
  private static final List<Integer> TWO = List.of(0, 2);

  /** First what must move nothing: a node that lost a lease of late is avoided for a while. */
  private static final int CALM = 1;

  private static final int MOVING = 2;

  private static SharedScene shared;

  @BeforeAll
  static void start() throws Exception {
    shared = SharedScene.start();
  }

  @AfterAll
  static void end() throws Exception {
    shared.end();
  }

  private static void wait(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  @Test
  @Order(MOVING)
  @DisplayName("1 agent SIGKILL: dark at the end of the lease or adopted before, one holder")
  void agentKilled() throws Exception {
    shared.row(
        scene -> {
          String agent = Faults.agentOf(scene.holder());
          scene.faults().crash(agent).mend();
          scene.awaitRestart(agent);
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("2 agent SIGSTOP beyond the lease: moved; woken, it never answers again")
  void agentStopped() throws Exception {
    shared.row(
        scene -> {
          Takeover.Observed seen =
              Takeover.watch(scene, holder -> scene.faults().pause(Faults.agentOf(holder)));
          NodeName stopped = seen.takeover().from();
          long last = scene.arp().lastHeard(scene.eip(), stopped).orElseThrow();
          seen.breakage().mend();
          scene.settle();
          assertThat(scene.arp().lastHeard(scene.eip(), stopped)).hasValue(last);
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("3 agent paused for less than the lease allows: nothing moves")
  void agentPaused() throws Exception {
    shared.row(
        scene ->
            shared.unmoved(
                scene.faults().pause(Faults.agentOf(scene.holder())),
                () -> wait(Duration.ofMillis(600))));
  }

  @Test
  @DisplayName(
      "5, 6 node loses power: moved; it comes back with another boot and gets nothing back")
  void powerOff() throws Exception {
    shared.row(
        scene -> {
          NodeName dead = shared.takeover(scene.faults()::powerOff);
          scene.settle();
          assertThat(scene.holder()).as("no move back").isNotEqualTo(dead);
          assertThat(scene.kernels().prepared()).as("no stale address").doesNotContainKey(dead);
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("8 agent SIGTERM: released before it ends, no connection fails")
  void agentTerminated() throws Exception {
    shared.row(
        scene -> {
          Tally before = scene.connects().tally();
          String agent = Faults.agentOf(scene.holder());
          shared.takeover(holder -> scene.faults().terminate(Faults.agentOf(holder)));
          scene.awaitRestart(agent);
          scene.connects().settle();
          assertThat(scene.connects().tally().since(before).failed()).isZero();
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("18 agent cut off from one witness: unaffected")
  void oneWitness() throws Exception {
    shared.row(
        scene ->
            shared.unmoved(
                scene.faults().agentFromWitnesses(scene.holder(), ONE),
                () -> wait(Duration.ofSeconds(4))));
  }

  @Test
  @Order(MOVING)
  @DisplayName("18 agent cut off from most witnesses, both ways and each way alone: moved")
  void mostWitnesses() throws Exception {
    shared.row(
        scene -> {
          shared.takeover(holder -> scene.faults().agentFromWitnesses(holder, TWO));
          shared.takeover(holder -> scene.faults().agentUnheardBy(holder, TWO));
          shared.takeover(holder -> scene.faults().agentDeafTo(holder, TWO));
        });
  }

  @Test
  @Order(CALM)
  @DisplayName("19 agent cut off from the controllers: held")
  void controllers() throws Exception {
    shared.row(
        scene ->
            shared.unmoved(
                scene.faults().agentFromControllers(scene.holder()),
                () -> wait(Duration.ofSeconds(6))));
  }

  @Test
  @Order(MOVING)
  @DisplayName("23 uplink without carrier, then with a carrier but nobody there: moved")
  void uplink() throws Exception {
    shared.row(
        scene -> {
          shared.takeover(scene.faults()::carrierDown);
          shared.takeover(scene.faults()::silence);
        });
  }

  @Test
  @Order(MOVING)
  @DisplayName("73 two of four gateway nodes lose power at once and return: held, no move back")
  void twoNodes() throws Exception {
    shared.row(
        scene -> {
          NodeName dead = scene.holder();
          NodeName other =
              scene.guide().gatewayNodes().stream()
                  .map(NodeName::new)
                  .filter(node -> !node.equals(dead))
                  .findFirst()
                  .orElseThrow();
          Breakage another = scene.faults().powerOff(other);
          shared.takeover(scene.faults()::powerOff);
          another.mend();
          scene.settle();
          assertThat(scene.holder()).isNotIn(dead, other);
        });
  }
}
