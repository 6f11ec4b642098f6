package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.lab.LabSettings;
import java.time.Duration;
import java.util.ArrayList;
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

/** Row 19 of the fault matrix where controllers dismiss nodes that they do not hear. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("matrix")
final class UnheardNodeIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** An agent speaks twice a second: its last word may be as old as this when it is cut off. */
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private static SharedScene shared;

  @BeforeAll
  static void start() throws Exception {
    // About who is dismissed, not about how short a lease this machine can keep.
    shared =
        SharedScene.start(
            LabSettings.usual().with(LeaseProfile.CONSERVATIVE).withControlStaleTimeout(TIMEOUT));
  }

  @AfterAll
  static void end() throws Exception {
    shared.end();
  }

  @Test
  @Order(1)
  @DisplayName("19 all agents cut off from the controllers for longer than the timeout: held")
  void all() throws Exception {
    shared.row(
        scene -> {
          NodeName holder = scene.holder();
          List<Breakage> others = new ArrayList<>();
          try {
            for (String gateway : scene.guide().gatewayNodes()) {
              NodeName node = new NodeName(gateway);
              if (!node.equals(holder)) {
                others.add(scene.faults().agentFromControllers(node));
              }
            }
            shared.unmoved(
                scene.faults().agentFromControllers(holder),
                () -> TimeUnit.NANOSECONDS.sleep(TIMEOUT.multipliedBy(2).toNanos()));
          } finally {
            for (Breakage other : others) {
              other.mend();
            }
          }
        });
  }

  @Test
  @Order(2)
  @DisplayName("19 agent cut off from the controllers for longer than the timeout: moved")
  void one() throws Exception {
    shared.row(
        scene -> {
          Takeover.Observed seen = Takeover.watch(scene, scene.faults()::agentFromControllers);
          Takeover takeover = seen.takeover();
          System.out.println("moved after " + takeover.whole() + ", gap " + takeover.gap());
          assertThat(takeover.gap())
              .as("it forwards until its lease ends")
              .isLessThan(LeaseProfile.CONSERVATIVE.terms().lease().dividedBy(2));
          assertThat(takeover.whole()).isGreaterThan(TIMEOUT.minus(LAST_WORD));
          seen.breakage().mend();
          scene.settle();
          assertThat(scene.holder()).as("no move back").isEqualTo(takeover.to());
        });
  }
}
