package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.Violation;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatewaysTest {

  private static final GatewayName OLD = new GatewayName("old");
  private static final GatewayName NEW = new GatewayName("a-new");

  private final Gateways gateways = new Gateways(EnumSet.allOf(IpFamily.class));
  private final Policies policies = new Policies(gateways);

  @Test
  void ofTwoGatewaysThatOverlapTheLaterStandsBack() {
    gateways.put(Given.gateway("a-new", "2026-11-02T00:00:00Z", "10.6.168.205-10.6.168.209"));
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201-10.6.168.205"));
    assertThat(gateways.standing(OLD).violations()).isEmpty();
    assertThat(gateways.standing(NEW).violations())
        .containsExactly(
            new Violation(
                "spec.ippools.ipv4",
                "10.6.168.205",
                "also in the pool of EgressGateway old",
                "remove these addresses here or there"));
  }

  @Test
  void whoseAddressesAreInUseIsNotPushedAsideByAnOlderOne() {
    gateways.start();
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201"));
    gateways.put(Given.gateway("a-new", "2026-11-02T00:00:00Z", "10.6.168.205"));
    gateways.put(
        Given.changed(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201-10.6.168.205")));
    assertThat(gateways.standing(NEW).violations()).isEmpty();
    assertThat(gateways.standing(OLD).violations()).hasSize(1);
    assertThat(gateways.standing(OLD).inForce())
        .get()
        .satisfies(last -> assertThat(last.spec().ipv4()).hasToString("[10.6.168.201]"));
  }

  @Test
  void theFinalizerSaysWhoWasInForceBeforeTheWatcherStarted() {
    gateways.put(Given.unguarded(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.205")));
    gateways.put(Given.gateway("a-new", "2026-11-02T00:00:00Z", "10.6.168.205"));
    gateways.start();
    assertThat(gateways.standing(NEW).violations()).isEmpty();
    assertThat(gateways.standing(OLD).inForce()).isEmpty();
  }

  @Test
  void aGatewayIsGoodOnceTheOtherOneGivesWay() {
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201-10.6.168.205"));
    gateways.put(Given.gateway("a-new", "2026-11-02T00:00:00Z", "10.6.168.205"));
    gateways.remove(OLD);
    assertThat(gateways.standing(NEW).violations()).isEmpty();
    assertThat(gateways.standing(NEW).inForce()).isPresent();
  }

  @Test
  void aBadChangeTakesNothingAway() {
    gateways.start();
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201"));
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "nonsense"));
    assertThat(gateways.standing(OLD).violations()).hasSize(1);
    assertThat(gateways.standing(OLD).inForce())
        .get()
        .satisfies(last -> assertThat(last.spec().ipv4()).hasToString("[10.6.168.201]"));
  }

  @Test
  void aPolicyOfAnUnknownGatewaySaysWhichOnesThereAre() {
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201"));
    PolicyObject policy = Given.policy("web", Optional.of("other"));
    policies.put(policy);
    assertThat(policies.judge(policy).violations())
        .containsExactly(
            new Violation(
                "spec.egressGatewayName",
                "other",
                "no EgressGateway has this name",
                "create it, or name one that exists: old"));
    assertThat(policies.judge(policy).inForce()).isEmpty();
  }

  @Test
  void aPolicyKeepsWhatItHasWhenItsGatewayGoes() {
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201"));
    PolicyObject policy = Given.policy("web", Optional.of("old"));
    policies.put(policy);
    assertThat(policies.judge(policy).violations()).isEmpty();
    gateways.remove(OLD);
    assertThat(policies.judge(policy).violations()).hasSize(1);
    assertThat(policies.judge(policy).inForce()).isPresent();
  }

  @Test
  void ofTwoDefaultsOfTheClusterTheOlderCountsAndTheLaterIsTold() {
    gateways.put(
        Given.gateway("a-new", "2026-11-02T00:00:00Z", "10.6.168.205", ClusterDefault.YES));
    PolicyObject policy = Given.policy("web", Optional.empty());
    policies.put(policy);
    assertThat(policies.choice(policy.key())).contains(NEW);

    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201", ClusterDefault.YES));

    assertThat(gateways.standing(OLD).violations()).isEmpty();
    assertThat(gateways.standing(NEW).violations())
        .containsExactly(
            new Violation(
                "spec.clusterDefault",
                "true",
                "EgressGateway old is the cluster default already",
                "set it to false here or there"));
    assertThat(gateways.standing(NEW).inForce()).as("what it was before").isPresent();
    assertThat(policies.choice(policy.key())).contains(OLD);
  }

  @Test
  void aLabelThatNamesNoGatewayIsNeverWrittenIntoThePolicy() {
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201", ClusterDefault.YES));
    PolicyObject policy = Given.policy("web", Optional.empty());
    policies.put(policy);
    policies.putNamespace("default", Labels.of(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "nowhere")));

    assertThat(policies.judge(policy).violations())
        .containsExactly(
            new Violation(
                "spec.egressGatewayName",
                "nowhere",
                "no EgressGateway has this name",
                "correct the namespace's label spidernet.io/egressgateway-default, which has it, or"
                    + " create it, or name one that exists: old"));
    assertThat(policies.choice(policy.key())).isEmpty();

    policies.putNamespace("default", Labels.of(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "old")));
    assertThat(policies.judge(policy).violations()).isEmpty();
    assertThat(policies.choice(policy.key())).contains(OLD);
  }

  @Test
  void noAddressIsGivenThatTheTunnelDoesNotCarry() {
    Gateways untunnelled = new Gateways(Set.of(IpFamily.IPV6));

    untunnelled.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201"));

    assertThat(untunnelled.standing(OLD).violations())
        .containsExactly(
            new Violation(
                "spec.ippools.ipv4",
                "[10.6.168.201]",
                "the tunnel carries no IPv4, so only pods on the gateway nodes would use them",
                "set the chart's values feature.enableIPv4 and feature.tunnelIpv4Subnet, or leave"
                    + " the pool empty"));
    assertThat(untunnelled.standing(OLD).inForce())
        .get()
        .satisfies(last -> assertThat(last.spec().ipv4().isEmpty()).isTrue());
  }

  private static ClusterNetworks node(String name, String address) {
    ClusterNetworks none = ClusterNetworks.unknown();
    return new ClusterNetworks(
        none.services(),
        new TreeMap<>(Map.of(name, new TreeSet<>(List.of(IpAddress.of(address))))),
        none.pods(),
        none.extra());
  }

  @Test
  void anAddressOfANodeIsNotGivenAndTheOthersAreServed() {
    gateways.put(Given.gateway("old", "2026-11-01T00:00:00Z", "10.6.168.201-10.6.168.205"));

    assertThat(gateways.put(node("n1", "10.6.168.203"))).isTrue();
    assertThat(gateways.put(node("n1", "10.6.168.203"))).as("no news").isFalse();

    assertThat(gateways.standing(OLD).violations())
        .extracting(Violation::value, Violation::reason)
        .containsExactly(tuple("10.6.168.203", "the own address of node n1"));
    assertThat(gateways.standing(OLD).inForce())
        .get()
        .satisfies(
            last ->
                assertThat(last.spec().ipv4())
                    .hasToString("[10.6.168.201-10.6.168.202, 10.6.168.204-10.6.168.205]"));

    gateways.put(node("n1", "10.6.168.11"));
    assertThat(gateways.standing(OLD).violations()).isEmpty();
    assertThat(gateways.standing(OLD).inForce())
        .get()
        .satisfies(
            last -> assertThat(last.spec().ipv4()).hasToString("[10.6.168.201-10.6.168.205]"));
  }
}
