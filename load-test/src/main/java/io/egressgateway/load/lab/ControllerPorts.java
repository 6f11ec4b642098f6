package io.egressgateway.load.lab;

/**
 * Ports of one controller. All controllers share a node, so each has its own.
 *
 * @param artery for the other members
 * @param management on the node's loopback
 * @param agents for the agents
 * @param monitor for metrics and probes
 */
record ControllerPorts(int artery, int management, int agents, int monitor) {
  private static final int ARTERY = 25520;
  private static final int MANAGEMENT = 8558;
  private static final int AGENTS = 5821;
  private static final int MONITOR = 5851;

  static ControllerPorts of(int index) {
    return new ControllerPorts(ARTERY + index, MANAGEMENT + index, AGENTS + index, MONITOR + index);
  }
}
