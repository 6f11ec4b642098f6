package io.egressgateway.load.bench.failover;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.fault.Faults;

/** SIGTERM to the holder's agent, as in a rolling update; it is started again when it has ended. */
final class AgentRestart implements PlannedMoves.Way {
  @Override
  public void leave(Scene scene, NodeName holder) throws Exception {
    scene.faults().terminate(Faults.agentOf(holder)).mend();
    scene.awaitOtherThan(holder);
  }

  @Override
  public void restore(Scene scene, NodeName former) throws Exception {
    scene.awaitRestart(Faults.agentOf(former));
  }
}
