package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.util.Optional;

/**
 * Which link-layer address an IP address has: one entry of the ARP or NDP table.
 *
 * @param link index of the device
 * @param mac empty while it is being resolved, or when the device has no 48-bit addresses
 */
public record Neighbour(int link, IpAddress ip, Optional<MacAddress> mac, NeighbourState state) {
  /** An entry that stays until it is deleted. */
  public static Neighbour permanent(int link, IpAddress ip, MacAddress mac) {
    return new Neighbour(link, ip, Optional.of(mac), NeighbourState.PERMANENT);
  }
}
