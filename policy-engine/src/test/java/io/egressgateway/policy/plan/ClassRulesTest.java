package io.egressgateway.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.plan.ClassRule;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ClassRulesTest {
  private static final ClassNumber CLASS = new ClassNumber(1);
  private static final EipNumber NUMBER = new EipNumber(7);
  private static final IpAddress SLOT = NodeAddressSlot.of(new GatewayName("default"));

  @Test
  void theNodesOwnAddressServesBothFamilies() {
    assertThat(everywhereWith(SLOT, IpFamily.IPV4, IpFamily.IPV6))
        .containsExactlyInAnyOrder(rule("0.0.0.0/0"), rule("::/0"));
  }

  @Test
  void aFamilyThatTheTunnelDoesNotCarryIsLeftAloneByTheNodesOwnAddress() {
    assertThat(everywhereWith(SLOT, IpFamily.IPV4)).containsExactly(rule("0.0.0.0/0"));
    assertThat(everywhereWith(SLOT, IpFamily.IPV6)).containsExactly(rule("::/0"));
  }

  @Test
  void anEgressIpLeavesTheOtherFamilyAlone() {
    assertThat(everywhereWith(IpAddress.of("10.6.168.201"), IpFamily.IPV4, IpFamily.IPV6))
        .containsExactly(rule("0.0.0.0/0"));
    assertThat(everywhereWith(IpAddress.of("fd06::201"), IpFamily.IPV4, IpFamily.IPV6))
        .containsExactly(rule("::/0"));
  }

  @Test
  void aDestinationIsTakenOrLeftAloneForAReason() {
    IpAddress eip = IpAddress.of("10.6.168.201");
    PolicyKey all = new PolicyKey.ClusterScoped("all");
    Binding open =
        new Binding(
            CidrSet.of(Cidr.of("192.0.2.0/24")),
            new Priority(7),
            new TreeSet<>(Set.of(eip)),
            FailMode.OPEN);

    assertThat(verdict(all, open, "192.0.2.1"))
        .isEqualTo(
            new Verdict.Taken(
                all, new Priority(7), eip, new EipRoute(NUMBER, Optional.empty(), Epoch.ZERO)));
    assertThat(verdict(all, open, "198.51.100.1"))
        .isEqualTo(new Verdict.LeftAlone(Verdict.Reason.NOT_A_DESTINATION, Optional.empty()));
    Binding everywhere = new Binding(CidrSet.empty(), new Priority(7), open.eips(), FailMode.OPEN);
    assertThat(verdict(all, everywhere, "2001:db8::1"))
        .isEqualTo(
            new Verdict.LeftAlone(Verdict.Reason.NO_EGRESS_IP_OF_THE_FAMILY, Optional.of(all)));
    assertThat(verdict(all, open, "192.0.2.1", NUMBER))
        .isEqualTo(new Verdict.LeftAlone(Verdict.Reason.FAILS_OPEN, Optional.of(all)));
  }

  private static Verdict verdict(
      PolicyKey policy, Binding binding, String destination, EipNumber... unheld) {
    return ClassRules.verdict(
        new ClassRules.Contest(
            new TreeMap<>(Map.of(policy, binding)),
            new TreeMap<>(Map.of(binding.eips().first(), NUMBER)),
            new TreeSet<>(Set.of(unheld)),
            Optional.empty(),
            Set.of(IpFamily.IPV4)),
        IpAddress.of(destination));
  }

  private static ClassRule rule(String destination) {
    return new ClassRule(CLASS, Cidr.of(destination), NUMBER);
  }

  private static SortedSet<ClassRule> everywhereWith(IpAddress address, IpFamily... tunnelled) {
    Binding binding =
        new Binding(
            CidrSet.empty(),
            Priority.NAMESPACED_DEFAULT,
            new TreeSet<>(Set.of(address)),
            FailMode.CLOSED);
    return ClassRules.resolve(
        CLASS,
        new ClassRules.Contest(
            new TreeMap<>(Map.of(new PolicyKey.ClusterScoped("all"), binding)),
            new TreeMap<>(Map.of(address, NUMBER)),
            new TreeSet<>(),
            Optional.empty(),
            Set.of(tunnelled)));
  }
}
