package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.kube.PodPlacement;

/**
 * A pod, its node and a gateway node, which no other chain uses.
 *
 * @param number from 1
 */
record Chain(int number, PodPlacement sender, LabNode gateway) {
  private static final int BLOCK = 256;

  /** The pod's node. */
  LabNode worker() {
    return sender.node();
  }

  /** The chain's own egress IPs, each a /32 that the router looks for on the segment. */
  Ipv4Address egressIp(int index) {
    Cidr pool = Topology.MORE_ADDRESSES;
    return new Ipv4Address(((Ipv4Address) pool.first()).bits() + number * BLOCK + index);
  }
}
