package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject.Neighbour;
import io.egressgateway.node.kernel.KernelObject.RoutingRule;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.TableState;
import io.egressgateway.node.kernel.Tenure;
import java.util.List;
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

  @Test
  void whatWasWrittenAloneIsNotReadBack() throws KernelFault {
    Reconciliation first = run(routedTo(12), Optional.empty());

    assertThat(first.changes()).isNotEmpty();
    assertThat(kernel.readings()).as("before anything was written").isEqualTo(1);
    assertThat(kernel.readingsAround()).isEqualTo(1);
    assertThat(first.known().state()).isEqualTo(kernel.state());
  }

  @Test
  void whereOthersWriteAtTheSameTimeEverythingIsReadBack() throws KernelFault {
    kernel.meddleAfterApply(state -> state);

    run(routedTo(12), Optional.empty());

    assertThat(kernel.readings()).isEqualTo(2);
    assertThat(kernel.readingsAround()).isZero();
  }

  @Test
  void whatOthersTakeAwayWhileItIsWrittenIsMissed() {
    kernel.meddleAfterApply(state -> state.withTable(Optional.of(emptied(state))));

    assertThatThrownBy(() -> run(routedTo(12), Optional.empty()))
        .isInstanceOfSatisfying(
            KernelFault.class, fault -> assertThat(fault.operation()).isEqualTo("read back"));
  }

  @Test
  void aNodeMoreIsNoReasonToReadAllElements() throws KernelFault {
    Reconciliation before = run(routedTo(12), Optional.empty());

    Reconciliation after = run(withOneNodeMore(), Optional.of(before.known()));

    assertThat(after.changes())
        .anyMatch(change -> change instanceof KernelChange.Put(Neighbour ignored));
    assertThat(kernel.readings()).isEqualTo(1);
    assertThat(kernel.readingsAround()).isEqualTo(2);
    assertThat(after.known().state()).isEqualTo(kernel.state());
  }

  @Test
  void aNodeMoreAfterOthersWroteIsOne() throws KernelFault {
    Reconciliation before = run(routedTo(12), Optional.empty());
    kernel.meddleAfterApply(state -> state);

    Reconciliation after = run(withOneNodeMore(), Optional.of(before.known()));
    Reconciliation again = run(routedTo(12), Optional.of(after.known()));

    assertThat(kernel.readings()).isEqualTo(2);
    assertThat(kernel.readingsAround()).as("the first, and the last").isEqualTo(2);
    assertThat(again.known().state()).isEqualTo(kernel.state());
  }

  private static TableState emptied(KernelState state) {
    return TableState.of(state.table().orElseThrow().fingerprint(), List.of());
  }

  private static NodePlan withOneNodeMore() {
    return Plans.plan(
        Plans.mesh(11, IntStream.rangeClosed(12, 31).toArray()),
        Plans.selection("10.244.1.5"),
        Plans.routedTo(12));
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
