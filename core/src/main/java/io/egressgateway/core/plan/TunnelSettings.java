package io.egressgateway.core.plan;

import io.egressgateway.core.model.Cidr;
import java.util.Optional;

/**
 * What the tunnel devices of all nodes have in common.
 *
 * @param device name of the VXLAN device, 1-15 characters
 * @param vni VXLAN network identifier, 1-16777215
 * @param port UDP port, 1-65535
 * @param subnets networks of the tunnel devices' own addresses
 */
public record TunnelSettings(String device, int vni, int port, Subnets subnets) {

  /** Networks of the tunnel devices' own addresses. A family that is absent is not tunnelled. */
  public record Subnets(Optional<Cidr> ipv4, Optional<Cidr> ipv6) {}

  public TunnelSettings {
    if (device.isEmpty() || device.length() > 15) {
      throw new IllegalArgumentException(
          "tunnel device name '" + device + "' must have 1 to 15 characters");
    }
    if (vni < 1 || vni > 0xffffff) {
      throw new IllegalArgumentException("VXLAN id " + vni + " is not between 1 and 16777215");
    }
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("UDP port " + port + " is not between 1 and 65535");
    }
  }
}
