package io.egressgateway.load.bench.failover;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.lab.Egctl;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.guide.GuideCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code egctl vip move} to the next gateway node. */
final class MoveByCommand implements PlannedMoves.Way {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(20), Duration.ofMillis(500));

  @Override
  public void leave(Scene scene, NodeName holder) throws Exception {
    List<String> nodes = scene.guide().gatewayNodes();
    String target = nodes.get((nodes.indexOf(holder.value()) + 1) % nodes.size());
    // The target may have been started just now, and have no lease yet.
    PATIENCE.await("%s to be fit".formatted(target), () -> move(scene, target));
    scene.awaitOtherThan(holder);
  }

  private static Optional<String> move(Scene scene, String target) {
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
  }

  @Override
  public void restore(Scene scene, NodeName former) {
    // a move leaves the former holder as fit as it was
  }
}
