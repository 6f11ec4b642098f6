package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject.RoutingRule;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
  private final FakeKernel kernel = new FakeKernel();

  @Test
  void anEgressIpThatMovesToAnotherNodeNeedsNoFullReading() throws KernelFault {
    Reconciliation before = run(routedTo(12), Optional.empty());
    int readings = kernel.readings();

    Reconciliation after = run(routedTo(13), Optional.of(before.known()));

    assertThat(after.changes())
        .anyMatch(change -> change instanceof KernelChange.Put(RoutingRule ignored))
        .anyMatch(change -> change instanceof KernelChange.Remove(RoutingRule ignored));
    assertThat(kernel.readings()).isEqualTo(readings);
    assertThat(kernel.state()).isEqualTo(state(routedTo(13)));
    assertThat(after.known().state()).isEqualTo(kernel.state());
  }

  @Test
  void aWayThatIsNotThereAfterAllIsFoundAndMended() throws KernelFault {
    Reconciliation before = run(routedTo(12), Optional.empty());
    int readings = kernel.readings();
    // Not what was left: somebody else's rule and route are there.
    kernel.disturb(state(routedTo(14)));

    Reconciliation after = run(routedTo(13), Optional.of(before.known()));

    assertThat(kernel.readings()).isGreaterThan(readings);
    assertThat(kernel.state()).isEqualTo(state(routedTo(13)));
    assertThat(after.known().state()).isEqualTo(kernel.state());
  }

  @Test
  void elementsThatAreNotThereAfterAllAreFoundAndMended() throws KernelFault {
    Reconciliation before = run(routedTo(12), Optional.empty());
    int readings = kernel.readings();
    kernel.disturb(state(routedTo(12)).withTable(Optional.empty()));

    Reconciliation after = run(routedTo(13), Optional.of(before.known()));

    assertThat(kernel.readings()).isGreaterThan(readings);
    assertThat(kernel.state()).isEqualTo(state(routedTo(13)));
    assertThat(after.known().state()).isEqualTo(kernel.state());
  }

  @Test
  void elementsThatAReadingLacksAreAskedForBeforeTheyAreMissed() throws KernelFault {
    kernel.overlook(element -> element.set() == LookupSet.POD_CLASS_V4);

    assertThat(run(routedTo(12), Optional.empty()).changes()).isNotEmpty();
    assertThat(run(routedTo(12), Optional.empty()).changes()).isEmpty();
    assertThat(kernel.state()).isEqualTo(state(routedTo(12)));
  }

  private Reconciliation run(NodePlan plan, Optional<Reconciliation.Known> before)
      throws KernelFault {
    return Reconciliation.run(kernel, plan, Tenure.UNLEASED, before);
  }

  private static KernelState state(NodePlan plan) {
    return DesiredKernel.of(plan, Plans.uplink(), Tenure.UNLEASED).state();
  }

  private static NodePlan routedTo(int node) {
    // More gateway nodes than ways would stand ready to.
    return Plans.plan(
        Plans.mesh(11, IntStream.rangeClosed(12, 30).toArray()),
        Plans.selection("10.244.1.5"),
        Plans.routedTo(node));
  }
}
