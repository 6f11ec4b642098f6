package io.egressgateway.load.bench.failover;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.lab.Egctl;
import io.egressgateway.load.lab.guide.GuideCluster;
import java.util.List;

/** {@code egctl vip move} to the next gateway node. */
final class MoveByCommand implements PlannedMoves.Way {
  @Override
  public void leave(Scene scene, NodeName holder) throws Exception {
    List<String> nodes = scene.guide().gatewayNodes();
    String target = nodes.get((nodes.indexOf(holder.value()) + 1) % nodes.size());
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
            target));
    scene.awaitOtherThan(holder);
  }

  @Override
  public void restore(Scene scene, NodeName former) {
    // a move leaves the former holder as fit as it was
  }
}
