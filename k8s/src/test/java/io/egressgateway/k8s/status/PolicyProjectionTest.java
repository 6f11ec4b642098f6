package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.entity.StatusReport.PolicyReport;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyProjectionTest {

  private static EgressPolicy.Status project(Map<IpAddress, Holding> addresses) {
    PolicyReport report = Given.policyReport(new TreeMap<>(addresses));
    return PolicyProjection.of(
        new Wanted.OfPolicy(
            Given.POLICY,
            new Wanted.Verdict(Optional.of(Given.UID), Optional.of(3L), report.conditions()),
            Optional.of(report)),
        null,
        Given.NOON);
  }

  @Test
  void showsAddressesAndHolder() {
    EgressPolicy.Status status =
        project(
            Map.of(
                Given.EIP,
                new Holding.Programmed(Given.WORKER_1),
                Given.EIP_V6,
                new Holding.Programmed(Given.WORKER_1)));

    assertThat(status.eip()).isEqualTo(new EgressPolicy.Eip("10.6.168.201", "fd00::201"));
    assertThat(status.node()).isEqualTo("worker-1");
    assertThat(status.observedGeneration()).isEqualTo(3);
  }

  @Test
  void withTheNodesOwnAddressOnlyTheNodeIsShown() {
    EgressPolicy.Status status =
        project(Map.of(NodeAddressSlot.of(Given.GATEWAY), new Holding.Programmed(Given.WORKER_1)));

    assertThat(status.eip()).isEqualTo(new EgressPolicy.Eip(null, null));
    assertThat(status.node()).isEqualTo("worker-1");
  }

  @Test
  void anAddressWithoutHolderHasNoNode() {
    EgressPolicy.Status status = project(Map.of(Given.EIP, new Holding.Nobody()));

    assertThat(status.eip()).isEqualTo(new EgressPolicy.Eip("10.6.168.201", null));
    assertThat(status.node()).isNull();
  }

  @Test
  void withoutReportOnlyConditionsChange() {
    EgressPolicy.Status before = project(Map.of(Given.EIP, new Holding.Programmed(Given.WORKER_1)));

    EgressPolicy.Status after =
        PolicyProjection.of(
            new Wanted.OfPolicy(
                Given.POLICY,
                new Wanted.Verdict(
                    Optional.of(Given.UID), Optional.of(4L), Given.conditions(Given.READY)),
                Optional.empty()),
            before,
            Given.LATER);

    assertThat(after.eip()).isEqualTo(before.eip());
    assertThat(after.node()).isEqualTo("worker-1");
    assertThat(after.observedGeneration()).isEqualTo(4);
  }
}
