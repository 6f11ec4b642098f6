package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.KernelChange.Put;
import io.egressgateway.node.kernel.KernelChange.Remove;
import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance;
import io.egressgateway.node.kernel.KernelObject.Route;
import io.egressgateway.node.kernel.KernelObject.TunnelAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RefusalsTest {
  private static final String DEVICE = "egress.vxlan";
  private static final KernelChange ACCEPTANCE =
      new Put(ForwardAcceptance.last(IpFamily.IPV4, KernelNumbers.USUAL));
  private static final KernelChange ADDRESS_V6 =
      new Put(new TunnelAddress(DEVICE, IpAddress.of("fd31::12"), 64));
  private static final KernelChange ROUTE_V4 = route("0.0.0.0/0");
  private static final KernelChange ROUTE_V6 = route("::/0");

  private final Refusals refusals = new Refusals();

  private static KernelChange route(String destination) {
    return new Put(new Route(77, Cidr.of(destination), Optional.empty(), DEVICE));
  }

  private static KernelFault fault(KernelChange change) {
    return new KernelFault(change.operation(), change.subject(), "EACCES");
  }

  private void assertEnds(KernelChange change) {
    KernelFault fault = fault(change);
    assertThatThrownBy(() -> refusals.note(change, fault)).isSameAs(fault);
  }

  @Test
  void theFirstOfWhatTheRestCanDoWithoutIsTold() throws KernelFault {
    KernelFault first = fault(ACCEPTANCE);
    refusals.note(ACCEPTANCE, first);
    refusals.note(ADDRESS_V6, fault(ADDRESS_V6));
    assertThat(refusals.first()).containsSame(first);
  }

  @Test
  void nothingGoesOnWithoutTheTunnelOrTheElements() {
    assertEnds(
        new KernelChange.UpdateElements(
            List.of(), List.of(Element.podClass(IpAddress.of("10.244.1.5"), new ClassNumber(1)))));
    assertEnds(new KernelChange.RemoveTable());
    assertEnds(new KernelChange.Set("net/ipv4/ip_forward", "1"));
    assertThat(refusals.first()).isEmpty();
  }

  @Test
  void lanesOfAFamilyMayLackOnceItsAddressDoes() throws KernelFault {
    assertEnds(ROUTE_V6);
    refusals.note(ADDRESS_V6, fault(ADDRESS_V6));
    refusals.note(ROUTE_V6, fault(ROUTE_V6));
    KernelChange forwarding = new KernelChange.Set(DesiredKernel.IPV6_FORWARDING, "1");
    refusals.note(forwarding, fault(forwarding));
    assertEnds(ROUTE_V4);
  }

  @Test
  void anAddressStaysUntilTheNextOneOfItsFamilyIsThere() throws KernelFault {
    KernelChange old = new Remove(new TunnelAddress(DEVICE, IpAddress.of("fd32::12"), 64));
    KernelChange oldV4 = new Remove(new TunnelAddress(DEVICE, IpAddress.of("172.30.0.12"), 16));
    assertThat(refusals.holdBack(old)).isFalse();
    refusals.note(ADDRESS_V6, fault(ADDRESS_V6));
    assertThat(refusals.holdBack(old)).isTrue();
    assertThat(refusals.holdBack(oldV4)).isFalse();
  }
}
