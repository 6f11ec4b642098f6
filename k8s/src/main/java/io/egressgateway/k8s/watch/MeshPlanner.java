package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.policy.plan.NodeInventory;
import io.egressgateway.policy.plan.TunnelAddressing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Each node's place in the tunnel mesh, computed from all nodes. Pure. */
final class MeshPlanner {

  private final ClusterWatcherSettings settings;

  /**
   * What is known of the cluster.
   *
   * @param inside destinations inside it
   */
  record Seen(Collection<NodeFacts> nodes, Map<NodeName, NodeNumber> numbers, CidrSet inside) {}

  MeshPlanner(ClusterWatcherSettings settings) {
    this.settings = settings;
  }

  /**
   * Destinations that no policy takes.
   *
   * @param inside what is known to be inside the cluster
   */
  CidrSet clusterCidrs(CidrSet inside) {
    List<Cidr> cidrs = new ArrayList<>(ClusterNetworks.NEVER_OUTSIDE.cidrs());
    cidrs.addAll(inside.cidrs());
    cidrs.addAll(settings.clusterCidrs().cidrs());
    settings.tunnel().subnets().ipv4().ifPresent(cidrs::add);
    settings.tunnel().subnets().ipv6().ifPresent(cidrs::add);
    return CidrSet.of(cidrs);
  }

  /**
   * What each node is to be told. A node without an address or number is left out, and is nobody's
   * peer.
   *
   * @param gatewayNodes exchange packets with every node; the others only with them
   */
  SortedMap<NodeName, NodeInventory> inventories(Seen seen, Set<NodeName> gatewayNodes) {
    Collection<NodeFacts> nodes = seen.nodes();
    TreeMap<NodeName, TunnelEndpoint> everyone = new TreeMap<>();
    for (NodeFacts node : nodes) {
      endpoint(node, seen.numbers())
          .ifPresent(endpoint -> everyone.put(node.id().name(), endpoint));
    }
    TreeMap<NodeName, TunnelEndpoint> gatewaysOnly = new TreeMap<>(everyone);
    gatewaysOnly.keySet().retainAll(gatewayNodes);
    CidrSet clusterCidrs = clusterCidrs(seen.inside());
    TreeMap<NodeName, NodeInventory> inventories = new TreeMap<>();
    for (NodeFacts node : nodes) {
      NodeName name = node.id().name();
      Optional.ofNullable(everyone.get(name))
          .ifPresent(
              self ->
                  inventories.put(
                      name,
                      new NodeInventory(
                          node.id().uid(),
                          self.number(),
                          self.addresses().underlay(),
                          settings.tunnel().on(settings.uplinks().of(node.labels())),
                          gatewayNodes.contains(name) ? everyone : gatewaysOnly,
                          clusterCidrs)));
    }
    return inventories;
  }

  private Optional<TunnelEndpoint> endpoint(NodeFacts node, Map<NodeName, NodeNumber> numbers) {
    NodeName name = node.id().name();
    Optional<NodeNumber> number = Optional.ofNullable(numbers.get(name));
    Optional<IpAddress> underlay = node.underlay();
    return number.flatMap(
        known ->
            underlay.map(
                address ->
                    TunnelAddressing.endpoint(
                        name,
                        address,
                        TunnelAddressing.identity(known, settings.tunnel().subnets()))));
  }
}
