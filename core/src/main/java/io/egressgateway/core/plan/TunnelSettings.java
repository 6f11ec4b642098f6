package io.egressgateway.core.plan;

import io.egressgateway.core.model.Cidr;
import java.util.Objects;
import java.util.Optional;

/**
 * What the tunnel devices of all nodes, and what leads into and out of them, have in common.
 *
 * @param device name of the VXLAN device, 1-15 characters
 * @param vni VXLAN network identifier, 1-16777215
 * @param port UDP port, 1-65535
 * @param subnets networks of the tunnel devices' own addresses
 * @param numbers marks, routing tables and priorities of routing rules
 */
public record TunnelSettings(
    String device, int vni, int port, Subnets subnets, KernelNumbers numbers) {

  /** Networks of the tunnel devices' own addresses. A family that is absent is not tunnelled. */
  public record Subnets(Optional<Cidr> ipv4, Optional<Cidr> ipv6) {}

  /** With the usual numbers. */
  public TunnelSettings(String device, int vni, int port, Subnets subnets) {
    this(device, vni, port, subnets, KernelNumbers.USUAL);
  }

  public TunnelSettings {
    // A controller of an earlier version does not say.
    numbers = Objects.requireNonNullElse(numbers, KernelNumbers.USUAL);
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
