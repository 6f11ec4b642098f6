package io.egressgateway.core.plan;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import java.util.Optional;

/**
 * One node's end of the tunnel.
 *
 * @param node the Kubernetes node
 * @param number unique in the cluster for as long as the node exists
 * @param mac address of the node's tunnel device
 * @param addresses where the tunnel is reached, and what is inside it
 */
public record TunnelEndpoint(
    NodeName node, NodeNumber number, MacAddress mac, Addresses addresses) {

  /**
   * Where the tunnel is reached, and what is inside it.
   *
   * @param underlay the node's own address: the outer packet's source and destination
   * @param ipv4 address of the tunnel device
   * @param ipv6 address of the tunnel device
   */
  public record Addresses(
      IpAddress underlay, Optional<Ipv4Address> ipv4, Optional<Ipv6Address> ipv6) {}

  /** The tunnel device's address of a family. */
  public Optional<? extends IpAddress> tunnelAddress(IpFamily family) {
    return switch (family) {
      case IPV4 -> addresses.ipv4();
      case IPV6 -> addresses.ipv6();
    };
  }
}
