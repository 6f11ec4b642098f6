package io.egressgateway.load.bench.failover;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.lab.Egctl;
import java.util.List;

/** {@code egctl drain}, undone afterwards. */
final class DrainByCommand implements PlannedMoves.Way {
  @Override
  public void leave(Scene scene, NodeName holder) throws Exception {
    Egctl.run(scene.lab(), List.of("drain", holder.value()));
    scene.awaitOtherThan(holder);
  }

  @Override
  public void restore(Scene scene, NodeName former) throws Exception {
    Egctl.run(scene.lab(), List.of("drain", former.value(), "--undo"));
  }
}
