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
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NodeStanding.Kind;
import io.egressgateway.policy.plan.Eligibility;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told of connections is who gets them. */
class StandbysTest {
  private static final List<NodeName> NODES =
      List.of(new NodeName("a"), new NodeName("b"), new NodeName("c"), new NodeName("d"));

  private static Gateway.Observed observed(
      ConnectionReplication replication, Map<NodeName, Kind> kinds) {
    TreeMap<NodeName, Member> members = new TreeMap<>();
    kinds.forEach(
        (node, kind) ->
            members.put(
                node,
                new Member(
                    Eligibility.ELIGIBLE,
                    Optional.of(
                        new NodeStanding(Optional.of(new NodeSession(node, "boot", 1)), kind)),
                    Member.History.IN_USE)));
    EgressGatewaySpec spec =
        new EgressGatewaySpec(
            IpPool.of(
                IpFamily.IPV4,
                List.of(new IpRange(IpAddress.of("10.0.0.1"), IpAddress.of("10.0.0.200")))),
            IpPool.empty(IpFamily.IPV6),
            Optional.empty(),
            Optional.empty(),
            LabelSelector.everything(),
            ClusterDefault.NO,
            FailMode.CLOSED);
    return new Gateway.Observed.Present(
        new SpecVersion("uid", new Generation(1)), spec.withReplication(replication), members);
  }

  private static Gateway.State after(
      Gateway.State state, Gateway.Observed observed, Gateway.Command command) {
    Gateway.State next = state;
    for (GatewayEvent event : Gateway.decide(state, observed, command, Instant.EPOCH).events()) {
      next = Gateway.evolve(next, event);
    }
    return next;
  }

  private static Gateway.State with(
      int addresses, EgressIpRequest request, Gateway.Observed observed) {
    Gateway.State state = Gateway.State.empty(new GatewayName("default"));
    for (int i = 0; i < addresses; i++) {
      state =
          after(
              state,
              observed,
              new Gateway.Command.Allocate(new PolicyKey.Namespaced("ns", "p" + i), request));
    }
    return state;
  }

  private static Map<NodeName, Kind> leased() {
    TreeMap<NodeName, Kind> kinds = new TreeMap<>();
    NODES.forEach(node -> kinds.put(node, Kind.LEASED));
    return kinds;
  }

  @Test
  void nobodyIsToldUnlessTheGatewayAsksForIt() {
    Gateway.Observed off = observed(ConnectionReplication.OFF, leased());
    Gateway.State state = with(3, new EgressIpRequest.RoundRobin(), off);

    assertThat(Standbys.of(state, off)).isEmpty();
    assertThat(Standbys.of(state, new Gateway.Observed.Unknown())).isEmpty();
    assertThat(Standbys.of(state, observed(ConnectionReplication.ON, leased())).keySet())
        .isEqualTo(new TreeSet<>(state.placements().values()));
  }

  @Test
  void connectionsOfANodesOwnAddressAreNobodyElses() {
    Gateway.Observed on = observed(ConnectionReplication.ON, leased());
    Gateway.State state = with(1, new EgressIpRequest.NodeAddress(), on);

    assertThat(state.placements()).isNotEmpty();
    assertThat(Standbys.of(state, on).values()).allSatisfy(each -> assertThat(each).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whoeverIsLostItsAddressesGoWhereTheirConnectionsWereTold(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<NodeName, Kind> kinds = new TreeMap<>(leased());
    kinds.replaceAll((node, kind) -> random.nextInt(5) == 0 ? Kind.HELD_DOWN : Kind.LEASED);
    Gateway.Observed before = observed(ConnectionReplication.ON, kinds);
    Gateway.State state = with(1 + random.nextInt(40), new EgressIpRequest.RoundRobin(), before);
    for (NodeName lost : new TreeSet<>(state.placements().values())) {
      SortedMap<IpAddress, NodeName> told =
          Standbys.of(state, before).getOrDefault(lost, new TreeMap<>());
      TreeMap<NodeName, Kind> then = new TreeMap<>(kinds);
      then.put(lost, Kind.UNLEASED);

      Gateway.State moved =
          after(state, observed(ConnectionReplication.ON, then), new Gateway.Command.Observe());

      moved
          .placements()
          .forEach(
              (address, node) -> {
                if (lost.equals(state.placements().get(address)) && !node.equals(lost)) {
                  assertThat(told).as("seed %d", seed).containsEntry(address, node);
                }
              });
    }
  }
}
