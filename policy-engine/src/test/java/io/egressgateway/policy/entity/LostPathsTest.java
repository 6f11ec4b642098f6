package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.policy.entity.NodeReports.Agent;
import io.egressgateway.policy.entity.NodeReports.Situation;
import io.egressgateway.policy.plan.NodeInventory;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LostPathsTest {
  private static final NodeName WORKER = new NodeName("worker-1");

  private static NodeName gateway(int number) {
    return new NodeName("gateway-" + number);
  }

  private static Optional<NodeInventory> inventory() {
    TreeMap<NodeName, TunnelEndpoint> peers = new TreeMap<>();
    for (int number = 1; number <= 8; number++) {
      peers.put(
          gateway(number),
          new TunnelEndpoint(
              gateway(number),
              new NodeNumber(number),
              new MacAddress(0x660000000000L | number),
              new TunnelEndpoint.Addresses(
                  IpAddress.of("10.6.168.2" + number), Optional.empty(), Optional.empty())));
    }
    return Optional.of(
        new NodeInventory(
            "uid",
            new NodeNumber(11),
            IpAddress.of("10.6.168.11"),
            SampleMessages.TUNNEL,
            peers,
            CidrSet.of()));
  }

  private static Optional<Condition> said(int lost, Agent agent) {
    SortedSet<NodeName> nodes = new TreeSet<>();
    IntStream.rangeClosed(1, lost).mapToObj(LostPathsTest::gateway).forEach(nodes::add);
    AgentFacts facts =
        new AgentFacts(
            "eth0", 1500, Optional.empty(), new TreeSet<>(), 0, nodes, NodeFindings.NONE);
    return LostPaths.condition(WORKER, inventory(), new Situation(Optional.of(facts), agent));
  }

  @Test
  void bothEndsAreNamedWithTheirAddressesAndThePort() {
    assertThat(said(2, Agent.HEARD))
        .get()
        .extracting(Condition::message)
        .asString()
        .contains(
            "node worker-1 (10.6.168.11) gets no answer from gateway-1 (10.6.168.21), gateway-2"
                + " (10.6.168.22), so",
            "UDP port %d ".formatted(SampleMessages.TUNNEL.port()));
  }

  @Test
  void manyAreCounted() {
    assertThat(said(8, Agent.HEARD))
        .get()
        .extracting(Condition::message)
        .asString()
        .contains("gateway-5 (10.6.168.25) and 3 more gateway nodes")
        .doesNotContain("gateway-6");
  }

  @Test
  void nothingIsSaidOfPathsThatAreThereOrThatNobodySpeaksOf() {
    assertThat(said(0, Agent.HEARD)).isEmpty();
    assertThat(said(1, Agent.SILENT)).isEmpty();
    assertThat(
            LostPaths.condition(WORKER, inventory(), new Situation(Optional.empty(), Agent.HEARD)))
        .isEmpty();
  }
}
