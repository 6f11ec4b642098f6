package io.egressgateway.core.plan;

import io.egressgateway.core.model.NodeNumber;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tunnel mesh as one node sees it.
 *
 * @param self this node's own end of the tunnel
 * @param settings what all tunnel devices have in common
 * @param peers the other ends this node exchanges packets with, by their number; never this node
 */
public record Mesh(
    TunnelEndpoint self, TunnelSettings settings, SortedMap<NodeNumber, TunnelEndpoint> peers) {
  public Mesh {
    if (peers.containsKey(self.number())) {
      throw new IllegalArgumentException(
          "node " + self.node() + " is listed as a tunnel peer of itself");
    }
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }

  /** A mesh with these peers; a peer that is this node itself is left out. */
  public static Mesh of(
      TunnelEndpoint self, TunnelSettings settings, Collection<TunnelEndpoint> peers) {
    TreeMap<NodeNumber, TunnelEndpoint> byNumber = new TreeMap<>();
    for (TunnelEndpoint peer : peers) {
      if (!peer.number().equals(self.number())) {
        byNumber.put(peer.number(), peer);
      }
    }
    return new Mesh(self, settings, byNumber);
  }
}
