package io.egressgateway.load.lab;

/**
 * Ports of one controller. All controllers share a node, so each has its own.
 *
 * @param artery for the other members
 * @param management on the node's loopback
 * @param agents for the agents
 */
record ControllerPorts(int artery, int management, int agents) {
  private static final int ARTERY = 25520;
  private static final int MANAGEMENT = 8558;
  private static final int AGENTS = 5821;

  static ControllerPorts of(int index) {
    return new ControllerPorts(ARTERY + index, MANAGEMENT + index, AGENTS + index);
  }
}
