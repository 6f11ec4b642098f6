package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PortShortage;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeFindingsTest {
  private static final NodeName NODE = new NodeName("worker-1");

  private static NodeReports.Situation situation(NodeFindings findings, NodeReports.Agent agent) {
    return new NodeReports.Situation(
        Optional.of(
            new AgentFacts(
                "eth0", 1500, Optional.empty(), new TreeSet<>(), 0, new TreeSet<>(), findings)),
        agent);
  }

  private static NodeFindings shortages(int count) {
    TreeSet<PortShortage> shortages = new TreeSet<>();
    IntStream.range(0, count)
        .forEach(
            i ->
                shortages.add(
                    new PortShortage(
                        IpAddress.of("10.6.168.201"), 6, IpAddress.of("8.8.8.8"), 443 + i)));
    return new NodeFindings(new TreeSet<>(), shortages);
  }

  @Test
  void aDestinationWithoutPortsIsNamedWithItsEgressIp() {
    assertThat(
            NodeFindings.portShortage(situation(shortages(1), NodeReports.Agent.HEARD))
                .orElseThrow())
        .satisfies(
            condition -> {
              assertThat(condition.type()).isEqualTo("PortsExhausted");
              assertThat(condition.status()).isEqualTo(Condition.Status.TRUE);
              assertThat(condition.message())
                  .contains("from 10.6.168.201 to 8.8.8.8 port 443 (TCP)", "more egress IPs");
            });
    assertThat(
            NodeFindings.portShortage(situation(shortages(7), NodeReports.Agent.HEARD))
                .orElseThrow()
                .message())
        .contains("port 447", "and 2 more destinations")
        .doesNotContain("port 448");
  }

  @Test
  void anObjectIsToldOfItsEgressIpsAndWhereTheyAre() {
    TreeMap<IpAddress, NodeName> exhausted = new TreeMap<>();
    for (int last = 201; last <= 207; last++) {
      exhausted.put(IpAddress.of("10.6.168." + last), NODE);
    }
    assertThat(NodeFindings.portShortage(exhausted))
        .satisfies(
            condition -> {
              assertThat(condition.type()).isEqualTo("PortsExhausted");
              assertThat(condition.status()).isEqualTo(Condition.Status.TRUE);
              assertThat(condition.message())
                  .contains(
                      "from 10.6.168.201 on node worker-1, from",
                      "from 10.6.168.205 on node worker-1 and 2 more egress IPs",
                      "more egress IPs, by several policies")
                  .doesNotContain("10.6.168.206");
            });
  }

  @Test
  void whatIsInTheWayIsNamedAsTheAgentFoundIt() {
    NodeFindings found =
        new NodeFindings(new TreeSet<>(List.of("rule 9 of IPv4 …")), new TreeSet<>());
    assertThat(
            NodeFindings.collision(NODE, situation(found, NodeReports.Agent.HEARD)).orElseThrow())
        .satisfies(
            condition -> {
              assertThat(condition.type()).isEqualTo("DatapathCollision");
              assertThat(condition.message()).contains("worker-1", "rule 9 of IPv4 …");
            });
  }

  @Test
  void aSilentAgentOrOneThatFoundNothingSaysNothing() {
    assertThat(NodeFindings.portShortage(situation(shortages(1), NodeReports.Agent.SILENT)))
        .isEmpty();
    assertThat(NodeFindings.portShortage(situation(NodeFindings.NONE, NodeReports.Agent.HEARD)))
        .isEmpty();
    assertThat(NodeFindings.collision(NODE, situation(NodeFindings.NONE, NodeReports.Agent.HEARD)))
        .isEmpty();
  }
}
