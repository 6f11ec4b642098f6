package io.egressgateway.policy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.model.ClusterDefault;
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
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More policies that want an egress IP of their own than the pool has, again and again. */
class PoolExhaustionTest {
  private static final int ADDRESSES = 50;
  private static final int POLICIES = 70;
  private static final NodeName NODE = new NodeName("node1");
  private static final Gateway.Observed PRESENT =
      new Gateway.Observed.Present(
          new SpecVersion("uid", new Generation(1)),
          new EgressGatewaySpec(
              IpPool.of(
                  IpFamily.IPV4,
                  List.of(new IpRange(IpAddress.of("10.6.1.1"), IpAddress.of("10.6.1.50")))),
              IpPool.empty(IpFamily.IPV6),
              Optional.empty(),
              Optional.empty(),
              LabelSelector.everything(),
              ClusterDefault.NO,
              FailMode.CLOSED),
          new TreeMap<>(
              Map.of(
                  NODE,
                  new Member(
                      Eligibility.ELIGIBLE,
                      Optional.of(
                          new NodeStanding(
                              Optional.of(new NodeSession(NODE, "boot", 1)),
                              NodeStanding.Kind.LEASED)),
                      Member.History.IDLE))));

  private Gateway.State state = Gateway.State.empty(new GatewayName("egw1"));

  private Gateway.Outcome tell(Gateway.Command command) {
    Decision<GatewayEvent, Gateway.Outcome> decision =
        Gateway.decide(state, PRESENT, command, Instant.EPOCH);
    for (GatewayEvent event : decision.events()) {
      state = Gateway.evolve(state, event);
    }
    return decision.outcome();
  }

  private static List<PolicyKey> policies() {
    return IntStream.range(0, POLICIES)
        .<PolicyKey>mapToObj(i -> new PolicyKey.Namespaced("shop", "policy-" + i))
        .toList();
  }

  private List<Gateway.Outcome> createAll() {
    return policies().stream()
        .map(policy -> tell(new Gateway.Command.Allocate(policy, new EgressIpRequest.RoundRobin())))
        .toList();
  }

  @Test
  void asManyAsThePoolHasGetOneEachAndTheOthersAreToldSo() {
    List<Gateway.Outcome> outcomes = createAll();

    assertThat(outcomes).filteredOn(Gateway.Outcome.Given.class::isInstance).hasSize(ADDRESSES);
    assertThat(state.used()).hasSize(ADDRESSES);
    assertThat(outcomes)
        .filteredOn(Gateway.Outcome.Refused.class::isInstance)
        .hasSize(POLICIES - ADDRESSES)
        .allMatch(
            outcome ->
                outcome instanceof Gateway.Outcome.Refused refused
                    && refused.reason() == Refusal.POOL_EXHAUSTED);
  }

  @Test
  void whatIsGivenBackCanBeGivenAgainAndNothingIsLost() {
    for (int round = 0; round < 3; round++) {
      createAll();
      assertThat(state.used()).hasSize(ADDRESSES);
      policies().forEach(policy -> tell(new Gateway.Command.Free(policy)));
      assertThat(state.used()).isEmpty();
      state.placements().keySet().forEach(address -> tell(new Gateway.Command.Vacated(address)));
      assertThat(state.concerned()).isEmpty();
    }
  }
}
