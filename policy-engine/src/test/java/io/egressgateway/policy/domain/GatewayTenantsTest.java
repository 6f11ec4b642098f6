package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.ConnectionReplication;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Tenants;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.plan.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatewayTenantsTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final PolicyKey SHOP = new PolicyKey.Namespaced("shop", "p");
  private static final PolicyKey BANK = new PolicyKey.Namespaced("bank", "p");
  private static final PolicyKey CLUSTER = new PolicyKey.ClusterScoped("p");
  private static final Gateway.State NEW = Gateway.State.empty(new GatewayName("default"));

  private static Gateway.Observed serving(String... namespaces) {
    return present(
        new Tenants.Selected(
            LabelSelector.ofLabels(Map.of("egress", "yes")), new TreeSet<>(List.of(namespaces))));
  }

  private static Gateway.Observed present(Tenants tenants) {
    return new Gateway.Observed.Present(
        new SpecVersion("uid", new Generation(1)),
        new EgressGatewaySpec(
            IpPool.of(IpFamily.IPV4, List.of(IpRange.single(IpAddress.of("10.0.0.1")))),
            IpPool.empty(IpFamily.IPV6),
            Optional.empty(),
            Optional.empty(),
            LabelSelector.everything(),
            ClusterDefault.NO,
            FailMode.CLOSED,
            tenants,
            WitnessLoss.CLOSE,
            ConnectionReplication.OFF),
        new TreeMap<>());
  }

  private static Decision<GatewayEvent, Gateway.Outcome> decide(
      Gateway.State state, Gateway.Observed observed, Gateway.Command command) {
    return Gateway.decide(state, observed, command, NOW);
  }

  private static Gateway.Command allocate(PolicyKey policy) {
    return new Gateway.Command.Allocate(policy, new EgressIpRequest.Default());
  }

  private static Gateway.State after(
      Gateway.State state, Gateway.Observed observed, Gateway.Command command) {
    Gateway.State next = state;
    for (GatewayEvent event : decide(state, observed, command).events()) {
      next = Gateway.evolve(next, event);
    }
    return next;
  }

  @Test
  void onlyTenantsAndClusterPoliciesGetAddresses() {
    Gateway.Observed gateway = serving("shop");
    assertThat(decide(NEW, gateway, allocate(SHOP)).outcome())
        .isInstanceOf(Gateway.Outcome.Given.class);
    assertThat(decide(NEW, gateway, allocate(CLUSTER)).outcome())
        .isInstanceOf(Gateway.Outcome.Given.class);
    assertThat(decide(NEW, gateway, allocate(BANK)).outcome())
        .isInstanceOfSatisfying(
            Gateway.Outcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Refusal.NAMESPACE_NOT_ALLOWED);
              assertThat(refused.message())
                  .contains("EgressGateway default", "EgressPolicy/bank/p", "allowedNamespaces");
            });
  }

  @Test
  void whoIsNotServedAnyMoreLosesItsAddressesAndNobodyElse() {
    Gateway.State both =
        after(
            after(NEW, serving("shop", "bank"), allocate(SHOP)),
            serving("shop", "bank"),
            allocate(BANK));
    Gateway.State left = after(both, serving("bank"), new Gateway.Command.Observe());
    assertThat(left.allocations()).containsOnlyKeys(BANK);
    assertThat(decide(both, serving("bank"), allocate(SHOP)))
        .satisfies(
            decision -> {
              assertThat(decision.outcome()).isInstanceOf(Gateway.Outcome.Refused.class);
              assertThat(decision.events()).contains(new GatewayEvent.EgressIpFreed(SHOP, NOW));
            });
  }

  @Test
  void nobodyLosesAnythingAsLongAsTheGatewayIsUnknown() {
    Gateway.State used = after(NEW, present(new Tenants.Everyone()), allocate(SHOP));
    assertThat(after(used, new Gateway.Observed.Unknown(), new Gateway.Command.Observe()))
        .isEqualTo(used);
  }
}
