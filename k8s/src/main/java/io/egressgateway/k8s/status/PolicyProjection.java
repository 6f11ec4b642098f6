package io.egressgateway.k8s.status;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.policy.entity.StatusReport.PolicyReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The status of a policy of either kind. */
final class PolicyProjection {

  private PolicyProjection() {}

  /**
   * What the status should be.
   *
   * @param before what the object has
   */
  static EgressPolicy.Status of(
      Wanted.OfPolicy wanted, EgressPolicy.@Nullable Status before, Instant now) {
    EgressPolicy.Status known =
        before == null ? new EgressPolicy.Status(null, null, null, null) : before;
    if (wanted.report().isEmpty()) {
      return new EgressPolicy.Status(
          Conditions.project(wanted.verdict(), known.conditions(), now),
          known.eip(),
          known.node(),
          wanted.verdict().observedGeneration().orElse(known.observedGeneration()));
    }
    PolicyReport report = wanted.report().get();
    return new EgressPolicy.Status(
        Conditions.project(wanted.verdict(), known.conditions(), now),
        new EgressPolicy.Eip(address(report, IpFamily.IPV4), address(report, IpFamily.IPV6)),
        report.holder().map(NodeName::toString).orElse(null),
        wanted.verdict().observedGeneration().orElse(null));
  }

  private static @Nullable String address(PolicyReport report, IpFamily family) {
    return report.addresses().keySet().stream()
        .filter(address -> address.family() == family && !NodeAddressSlot.is(address))
        .map(IpAddress::toString)
        .findFirst()
        .orElse(null);
  }
}
