package io.egressgateway.node.agent;

import io.egressgateway.core.model.Revision;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;
import java.time.Duration;

/** What the agent tells the controllers. */
public sealed interface Report {

  /**
   * The kernel has the plan: written, read back, equal.
   *
   * @param took from receipt to read-back
   */
  record Applied(Revision revision, Duration took) implements Report {}

  /** The kernel could not be brought to the plan; the agent keeps trying. */
  record Failed(Revision revision, KernelFault fault) implements Report {}

  /** What the node is connected with. */
  record Facts(Uplink uplink) implements Report {}
}
