package io.egressgateway.node.app;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.agent.AgentWatch;
import io.egressgateway.node.agent.LinkSettings;
import io.egressgateway.node.agent.Report;
import io.egressgateway.node.monitor.AgentMonitor;
import io.egressgateway.node.path.PathWatch;
import io.egressgateway.node.survey.NodeSurvey;

/** The monitor, which is told all, and those who look around and need the plans for it. */
record PlanListeners(AgentMonitor monitor, PathWatch paths, NodeSurvey survey)
    implements AgentWatch {
  @Override
  public void wanted(NodePlan plan) {
    monitor.wanted(plan);
    paths.wanted(plan);
    survey.wanted(plan);
  }

  @Override
  public void told(Report report) {
    monitor.told(report);
  }

  @Override
  public void linked(LinkSettings.Endpoint controller) {
    monitor.linked(controller);
  }

  @Override
  public void unlinked() {
    monitor.unlinked();
  }
}
