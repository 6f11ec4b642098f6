package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.translate.NodeFacts.Availability;
import io.egressgateway.k8s.watch.ClusterWatcherSettings.Cordon;
import io.egressgateway.policy.entity.StatusReport.Phase;
import io.egressgateway.policy.plan.Eligibility;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodesTest {

  private static final NodeName NODE = new NodeName("n1");
  private static final LabelSelector GATEWAYS =
      LabelSelector.ofLabels(Map.of("egressgateway", "true"));

  private final Nodes nodes = new Nodes(Cordon.KEEPS_EGRESS_IPS);

  private static NodeFacts node(Availability availability) {
    NodeFacts ready = Given.node("n1", "10.6.168.11", Map.of("egressgateway", "true"));
    return new NodeFacts(ready.id(), ready.labels(), availability, ready.network());
  }

  @ParameterizedTest
  @CsvSource({
    "READY,     READY,             ELIGIBLE",
    "READY,     INIT,              ELIGIBLE",
    "READY,     PENDING,           NO_TUNNEL",
    "READY,     FAILED,            NO_TUNNEL",
    "READY,     HEARTBEAT_TIMEOUT, ELIGIBLE",
    "DRAINING,  READY,             DRAINING",
    "DRAINING,  FAILED,            NO_TUNNEL",
    "CORDONED,  READY,             UNSCHEDULABLE",
    "CORDONED,  FAILED,            NO_TUNNEL",
    "NOT_READY, READY,             NOT_READY",
  })
  void eligibilityFollowsNodeAndTunnel(
      Availability availability, Phase phase, Eligibility expected) {
    nodes.put(node(availability));
    nodes.putNumber(NODE, new NodeNumber(1));
    nodes.putPhase(NODE, phase);
    assertThat(nodes.members(GATEWAYS)).contains(new TreeMap<>(Map.of(NODE, expected)));
  }

  @Test
  void membersAreUnknownUntilEveryNumberIsKnown() {
    nodes.put(node(Availability.READY));
    assertThat(nodes.members(GATEWAYS)).isEmpty();
    nodes.putExhausted(NODE);
    assertThat(nodes.members(GATEWAYS))
        .contains(new TreeMap<>(Map.of(NODE, Eligibility.NO_TUNNEL)));
  }

  @Test
  void aNodeThatHasNotReportedYetKeepsWhatItHas() {
    nodes.put(node(Availability.READY));
    nodes.putNumber(NODE, new NodeNumber(1));
    assertThat(nodes.members(GATEWAYS)).contains(new TreeMap<>(Map.of(NODE, Eligibility.ELIGIBLE)));
  }

  @Test
  void aTunnelWithoutANodeIsAnOrphan() {
    nodes.putTunnel(NODE);
    assertThat(nodes.orphans()).containsExactly(NODE);
    nodes.put(node(Availability.READY));
    assertThat(nodes.orphans()).isEmpty();
  }
}
