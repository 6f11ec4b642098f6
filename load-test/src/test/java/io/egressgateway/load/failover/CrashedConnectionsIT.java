package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Connections of a pod go on when the node that holds its egress IP loses power, if the gateway
 * replicates them, and only then.
 */
@Tag("matrix")
final class CrashedConnectionsIT {
  /** Older connections survive. */
  private static final Duration REPLICATED = Duration.ofSeconds(3);

  /** Several repetitions of TCP. */
  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private interface Then {
    void check(PodConnections connections) throws Exception;
  }

  @Test
  void aDownloadAndAnIdleConnectionSurviveACrashWithReplication() throws Exception {
    crash(
        true,
        connections -> {
          connections.awaitDownload();
          connections.serverSpeaks();
          connections.podSpeaks();
          connections.finishDownload();
        });
  }

  @Test
  void withoutReplicationTheServerReachesNobody() throws Exception {
    crash(
        false,
        connections -> {
          assertThatThrownBy(() -> connections.serverSpeaks(A_WHILE))
              .isInstanceOf(SocketTimeoutException.class);
        });
  }

  private static void crash(boolean replication, Then then) throws Exception {
    LabSettings settings =
        LabSettings.usual().with(ApiChoice.EMBEDDED).with(Topology.of(2, 1)).withControllers(1);
    Consumer<String> events = System.out::println;
    try (Lab lab = Lab.open(settings, events)) {
      Scene.play(
          lab,
          events,
          scene -> {
            replicate(lab, replication);
            try (PodConnections connections = PodConnections.open(scene)) {
              TimeUnit.NANOSECONDS.sleep(REPLICATED.toNanos());
              NodeName dead = scene.holder();
              scene.faults().powerOff(dead);
              scene.awaitOtherThan(dead);
              then.check(connections);
            }
            assertThat(scene.violations()).isEmpty();
            return scene;
          });
    }
  }

  private static void replicate(Lab lab, boolean enabled) {
    lab.client()
        .resources(EgressGateway.class)
        .withName(GuideCluster.GATEWAY)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"connectionReplication\": {\"enabled\": " + enabled + "}}}");
  }
}
