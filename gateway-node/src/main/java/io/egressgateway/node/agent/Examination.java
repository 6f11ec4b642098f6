package io.egressgateway.node.agent;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.agent.Reconciliation.Known;
import io.egressgateway.node.fence.FoundGate;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelWay;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.kernel.WayQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the kernel to answer a question about it. Changes nothing. */
final class Examination {
  private Examination() {}

  /**
   * On the kernel's thread.
   *
   * @param plan that the kernel should have; absent until the agent has one
   */
  static Report.Outcome answer(
      Kernel kernel, Optional<NodePlan> plan, Tenure tenure, WayQuestion question) {
    if (plan.isEmpty()) {
      return new Report.Outcome.Unread("its agent has no plan yet; its log says why");
    }
    try {
      return new Report.Outcome.Read(run(kernel, plan.get(), tenure, question));
    } catch (KernelFault unread) {
      return new Report.Outcome.Unread(
          "its kernel does not let " + unread.subject() + " be read: " + unread.reason());
    }
  }

  /**
   * On the kernel's thread.
   *
   * @param plan that the kernel should have
   * @param tenure with which the plan is applied
   * @throws KernelFault if the kernel does not answer
   */
  static List<WayFact> run(Kernel kernel, NodePlan plan, Tenure tenure, WayQuestion question)
      throws KernelFault {
    Known known = Known.read(kernel, plan.mesh());
    // Whoever holds an egress IP has a lease: if the agent has none, that differs.
    Tenure right =
        switch (question) {
          case WayQuestion.OfPod ignored -> tenure;
          case WayQuestion.OfHolder ignored -> Tenure.LEASED;
        };
    DesiredKernel desired =
        DesiredKernel.of(plan, known.uplink(), right).passing(known.state().closedForwards());
    List<WayFact> facts = new ArrayList<>(KernelWay.of(question, plan, desired, known.state()));
    if (question instanceof WayQuestion.OfHolder holder) {
      kernel.gates(holder.address()).stream().map(FoundGate::shouldBeOpen).forEach(facts::add);
    }
    return List.copyOf(facts);
  }
}
