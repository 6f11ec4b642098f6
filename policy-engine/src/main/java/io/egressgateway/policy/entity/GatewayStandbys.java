package io.egressgateway.policy.entity;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.policy.domain.Gateway;
import io.egressgateway.policy.domain.Standbys;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells a gateway's nodes whom to tell of their connections, again and again. */
final class GatewayStandbys {
  /** What the standbys were found by: of the same there is nothing new to be found. */
  private record Basis(Gateway.State state, Gateway.Observed observed) {}

  private final GatewayName name;
  private final EntityDirectory entities;
  private Optional<Basis> basis = Optional.empty();
  private SortedMap<NodeName, SortedMap<IpAddress, NodeName>> standbys =
      Collections.emptySortedMap();
  private SortedSet<NodeName> told = Collections.emptySortedSet();

  GatewayStandbys(GatewayName name, EntityDirectory entities) {
    this.name = name;
    this.entities = entities;
  }

  void tell(Gateway.State state, Gateway.Observed observed) {
    Optional<Basis> now = Optional.of(new Basis(state, observed));
    if (!basis.equals(now)) {
      basis = now;
      standbys = Standbys.of(state, observed);
    }
    TreeSet<NodeName> nodes = new TreeSet<>(standbys.keySet());
    // Who held something before is told once that it does not.
    nodes.addAll(told);
    for (NodeName node : nodes) {
      entities
          .node(node)
          .tell(new NodeEntity.ReplicateFlows(name, standbys.getOrDefault(node, new TreeMap<>())));
    }
    told = new TreeSet<>(standbys.keySet());
  }
}
