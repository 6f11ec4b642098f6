package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.util.Optional;

/**
 * One permanent entry of a tunnel device's own forwarding database: frames to this MAC go to that
 * tunnel end.
 *
 * @param link index of the device
 * @param destination the tunnel end; empty on devices that have none
 */
public record ForwardingEntry(int link, MacAddress mac, Optional<IpAddress> destination) {
  /** An entry of a VXLAN device. */
  public static ForwardingEntry of(int link, MacAddress mac, IpAddress destination) {
    return new ForwardingEntry(link, mac, Optional.of(destination));
  }
}
