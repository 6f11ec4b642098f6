package io.egressgateway.node.agent;

import io.egressgateway.core.plan.NodePlan;

/**
 * Is told what the agent does, for those who watch it. Called on the agent's and the link's thread:
 * it returns at once and changes nothing.
 */
public interface AgentWatch {

  /** Nobody watches. */
  AgentWatch NOBODY =
      new AgentWatch() {
        @Override
        public void wanted(NodePlan plan) {}

        @Override
        public void told(Report report) {}

        @Override
        public void linked(LinkSettings.Endpoint controller) {}

        @Override
        public void unlinked() {}
      };

  /** A plan has come, and is to be in the kernel. */
  void wanted(NodePlan plan);

  /** This is what the controllers are told. */
  void told(Report report);

  /** A controller has spoken on a new link. */
  void linked(LinkSettings.Endpoint controller);

  /** There is no link; another one is tried. Said again for each attempt that fails. */
  void unlinked();
}
