package io.egressgateway.policy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
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
