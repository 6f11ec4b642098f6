package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.lab.Egctl;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A gateway with {@code onWitnessLoss: Hold}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class HeldWithoutLeaseIT {
  /** Several leases. */
  private static final Duration A_WHILE = Duration.ofSeconds(8);

  private static final int FIRST = 1;
  private static final int LAST = 2;

  private static SharedScene shared;

  @BeforeAll
  static void start() throws Exception {
    shared = SharedScene.start();
    shared
        .scene()
        .lab()
        .client()
        .resources(EgressGateway.class)
        .withName("default")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"onWitnessLoss\": \"Hold\"}}");
    awaitHeld();
  }

  @AfterAll
  static void end() throws Exception {
    shared.end();
  }

  private static void pause() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(A_WHILE.toNanos());
  }

  /** Waits until the holder's kernel has the egress IP without a lease, and datagrams flow. */
  private static void awaitHeld() throws Exception {
    Scene scene = shared.scene();
    Set<IpAddress> wanted = Set.of(scene.eip());
    Patience.USUAL.await(
        "the egress IP to be held without a lease",
        () -> {
          NodeName holder = scene.holder();
          var node = scene.lab().settings().topology().node(holder);
          return scene.kernels().heldWithoutLease(node).equals(wanted)
              ? Optional.of(holder)
              : Optional.empty();
        });
    scene.settle();
  }

  @Test
  @Order(FIRST)
  @DisplayName("10 all witnesses down, Hold: packets flow on, and nothing moves when they are back")
  void allWitnesses() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          long began = System.nanoTime();
          List<Breakage> down = new ArrayList<>();
          for (String witness : scene.faults().processes("witness-")) {
            down.add(scene.faults().down(witness));
          }
          pause();
          assertThat(scene.holder()).isEqualTo(holder);
          assertThat(scene.stream().lostSince(began)).as("datagrams lost").isZero();
          for (Breakage witness : down) {
            witness.mend();
          }
          pause();
          scene.settle();
          assertThat(scene.holder()).isEqualTo(holder);
          assertThat(scene.stream().lostSince(began)).as("datagrams lost").isZero();
        });
  }

  @Test
  @Order(LAST)
  @DisplayName("2 power off, Hold: it stays where it is until an operator says so, then it moves")
  void powerOff() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          Breakage off = scene.faults().powerOff(holder);
          scene.awaitDarkness();
          pause();
          assertThat(scene.arp().holder(scene.eip())).isEmpty();
          Egctl.run(
              scene.lab(),
              List.of(
                  "fence", holder.value(), "--reason", "its power was cut", "--machine-is-off"));
          assertThat(scene.awaitOtherThan(holder)).isNotEqualTo(holder);
          off.mend();
        });
  }
}
