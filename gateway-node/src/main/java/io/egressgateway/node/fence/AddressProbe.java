package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.Optional;

/**
 * Tries what the kernel keeps of an address, with one of the loopback device that is taken away
 * again, and would go by itself. Each socket has another, so that probes may run side by side.
 */
public final class AddressProbe {
  private static final String LOOPBACK = "lo";
  private static final int FIRST_ADDRESS = 0x7f45_0000; // 127.69.0.0
  private static final int SOCKET_MASK = 0xffff;
  private static final int SECONDS = 60;

  /** Not ours: nobody shall take it for an egress IP. */
  private static final int PROTOCOL = 254;

  private AddressProbe() {}

  /**
   * By what addresses of ours are known in the socket's network namespace.
   *
   * @throws NetlinkException if the kernel lets it not be tried
   */
  public static AddressMark mark(RouteNetlink routing) {
    boolean forgets = readBack(routing).filter(kept -> kept.protocol().isEmpty()).isPresent();
    return forgets ? AddressMark.FORM : AddressMark.PROTOCOL;
  }

  /** What is there of an address with protocol and lifetime. */
  static Optional<Address> readBack(RouteNetlink routing) {
    int loopback = routing.link(LinkName.of(LOOPBACK)).orElseThrow().index();
    IpAddress ip = new Ipv4Address(FIRST_ADDRESS | (routing.portId() & SOCKET_MASK));
    Address address =
        Address.of(loopback, ip, ip.family().bits())
            .withScope(Scope.HOST)
            .with(AddressFlag.NOPREFIXROUTE)
            .withLifetime(AddressLifetime.secondsNotPreferred(SECONDS))
            .withProtocol(PROTOCOL);
    routing.replaceAddress(address);
    Optional<Address> kept =
        routing.addresses(ip.family()).stream().filter(read -> read.ip().equals(ip)).findFirst();
    routing.deleteAddress(address);
    return kept;
  }
}
