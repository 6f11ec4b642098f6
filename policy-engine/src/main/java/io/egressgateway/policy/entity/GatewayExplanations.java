package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.NodeStanding;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Why a gateway has an address where it is. */
final class GatewayExplanations {
  private GatewayExplanations() {}

  static GatewayEntity.Explained of(
      Gateway.State state, Gateway.Observed observed, GatewayLedgers ledgers, IpAddress address) {
    Optional<NodeName> wanted = Optional.ofNullable(state.placements().get(address));
    return new GatewayEntity.Explained(
        address,
        state.given().users(address),
        new GatewayEntity.Place(
            wanted,
            GatewayReports.holding(state, ledgers.holdings(), address),
            wanted
                .map(node -> Gateway.refuges(state, observed, node).get(address))
                .map(NodeSession::node)),
        candidates(state, observed));
  }

  private static SortedMap<NodeName, GatewayEntity.Candidate> candidates(
      Gateway.State state, Gateway.Observed observed) {
    TreeMap<NodeName, GatewayEntity.Candidate> candidates = new TreeMap<>();
    if (observed instanceof Gateway.Observed.Present seen) {
      seen.members()
          .forEach(
              (node, member) ->
                  candidates.put(
                      node,
                      new GatewayEntity.Candidate(
                          member.eligibility(),
                          member.standing().map(NodeStanding::kind),
                          member.fitness(seen.spec().onWitnessLoss()),
                          Collections.frequency(state.placements().values(), node))));
    }
    return candidates;
  }
}
