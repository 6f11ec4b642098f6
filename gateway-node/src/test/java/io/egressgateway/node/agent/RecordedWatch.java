package io.egressgateway.node.agent;

import io.egressgateway.core.plan.NodePlan;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told by an agent that has no link of its own. */
final class RecordedWatch implements AgentWatch {
  private final List<Long> wanted = new CopyOnWriteArrayList<>();

  List<Long> wanted() {
    return wanted;
  }

  @Override
  public void wanted(NodePlan plan) {
    wanted.add(plan.revision().value());
  }

  @Override
  public void told(Report report) {}

  @Override
  public void linked(LinkSettings.Endpoint controller) {}

  @Override
  public void unlinked() {}
}
