package io.egressgateway.load.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.lab.Egctl;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.guide.GuideCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Connections of a pod go on when its egress IP moves by plan, whoever speaks first after it. */
final class MovedConnectionsIT {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(20), Duration.ofMillis(200));

  @Test
  void aDownloadAndAnIdleConnectionSurviveAMove() throws Exception {
    LabSettings settings =
        LabSettings.usual().with(ApiChoice.EMBEDDED).with(Topology.of(2, 1)).withControllers(1);
    Consumer<String> events = System.out::println;
    try (Lab lab = Lab.open(settings, events)) {
      Scene.play(
          lab,
          events,
          scene -> {
            play(scene);
            return scene;
          });
    }
  }

  private static void play(Scene scene) throws Exception {
    try (PodConnections connections = PodConnections.open(scene)) {
      NodeName from = scene.holder();
      move(scene, from);
      scene.awaitOtherThan(from);

      connections.awaitDownload();
      connections.serverSpeaks();
      connections.podSpeaks();
      connections.finishDownload();
    }
    assertThat(scene.violations()).isEmpty();
  }

  private static void move(Scene scene, NodeName from) throws Exception {
    String target =
        scene.guide().gatewayNodes().stream()
            .filter(node -> !node.equals(from.value()))
            .findFirst()
            .orElseThrow();
    PATIENCE.await(
        target + " to be fit",
        () -> {
          try {
            return Optional.of(
                Egctl.run(
                    scene.lab(),
                    List.of(
                        "vip",
                        "move",
                        "--egressGatewayName",
                        GuideCluster.GATEWAY,
                        "--vip",
                        scene.eip().toString(),
                        "--targetNode",
                        target)));
          } catch (IOException refused) {
            return Optional.empty();
          }
        });
  }
}
