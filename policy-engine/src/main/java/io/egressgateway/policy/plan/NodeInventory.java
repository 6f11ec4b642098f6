package io.egressgateway.policy.plan;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the cluster says about a node.
 *
 * @param uid of the Kubernetes node object
 * @param number the node's number, from the number space of nodes
 * @param underlay the node's own address, where its tunnel is reached
 * @param tunnel what all tunnel devices have in common
 * @param peers the ends of the tunnel that this node exchanges packets with, by node. A gateway
 *     node needs every node; another node needs the nodes of its gateways. The node itself may be
 *     in it and counts for nothing
 * @param clusterCidrs destinations that no policy takes: pods, services, nodes
 */
public record NodeInventory(
    String uid,
    NodeNumber number,
    IpAddress underlay,
    TunnelSettings tunnel,
    SortedMap<NodeName, TunnelEndpoint> peers,
    CidrSet clusterCidrs) {
  public NodeInventory {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }
}
