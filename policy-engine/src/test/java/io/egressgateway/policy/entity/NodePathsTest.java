package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.NodeName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodePathsTest extends NodeFixture {

  private List<Condition> lost(NodeName... gateways) {
    SortedSet<NodeName> lost = new TreeSet<>(Arrays.asList(gateways));
    node.tell(
        new NodeEntity.FactsFound(
            new AgentFacts(
                "eth0", 1500, Optional.empty(), new TreeSet<>(), 0, lost, NodeFindings.NONE)));
    return fixture.reports.receiveMessage().conditions().stream()
        .filter(condition -> condition.type().equals("TunnelPathLost"))
        .toList();
  }

  @Test
  void gatewayNodesThatDoNotAnswerAreNamedWithTheRemedyAsLongAsTheyDoNot() {
    observe();
    fixture.reports.receiveMessage();
    assertThat(lost(new NodeName("gateway-9")))
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.status()).isEqualTo(Condition.Status.TRUE);
              assertThat(condition.reason()).isEqualTo("NoAnswer");
              assertThat(condition.message())
                  .contains("node worker-1 (", "from gateway-9", "let UDP port 7789 pass");
            });
    assertThat(lost()).isEmpty();
  }
}
