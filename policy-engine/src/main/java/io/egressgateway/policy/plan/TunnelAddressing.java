package io.egressgateway.policy.plan;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;
import java.math.BigInteger;
import java.util.Optional;

/** A node's place in the tunnel, computed from its number alone. */
public final class TunnelAddressing {

  /** Locally administered, as the first octet's second bit says. */
  private static final long MAC_PREFIX = 0x6600_0000_0000L;

  private TunnelAddressing() {}

  /** The node's addresses inside the tunnel: the subnet's first address plus the number. */
  public static TunnelIdentity identity(NodeNumber number, TunnelSettings.Subnets subnets) {
    return new TunnelIdentity(
        number,
        new MacAddress(MAC_PREFIX | number.value()),
        subnets.ipv4().flatMap(subnet -> address(subnet, number)).map(Ipv4Address.class::cast),
        subnets.ipv6().flatMap(subnet -> address(subnet, number)).map(Ipv6Address.class::cast));
  }

  /** The node's end of the tunnel. */
  public static TunnelEndpoint endpoint(
      NodeName node, IpAddress underlay, TunnelIdentity identity) {
    return new TunnelEndpoint(
        node,
        identity.number(),
        identity.mac(),
        new TunnelEndpoint.Addresses(underlay, identity.ipv4(), identity.ipv6()));
  }

  private static Optional<IpAddress> address(Cidr subnet, NodeNumber number) {
    return subnet
        .first()
        .plus(BigInteger.valueOf(number.value()))
        .filter(address -> subnet.contains(address) && !address.equals(subnet.last()));
  }
}
