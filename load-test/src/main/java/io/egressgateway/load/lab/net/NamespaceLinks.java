package io.egressgateway.load.lab.net;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NamespaceHandle;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The links of one namespace, wired by commands that read like those of {@code ip}. For one thread;
 * its work is done on a thread that lives in the namespace.
 */
final class NamespaceLinks implements AutoCloseable {
  private static final LinkName LOOPBACK = LinkName.of("lo");

  private final NamespaceExecutor inside;
  private final RouteNetlink netlink;

  /** Opens a namespace that exists, and sets its loopback up. */
  NamespaceLinks(NetNamespace namespace) throws IOException {
    this.inside = new NamespaceExecutor(namespace);
    this.netlink = inside.call(() -> RouteNetlink.open(SocketLimits.REQUESTS));
    up(LOOPBACK);
  }

  /** {@code ip link set NAME up}. */
  void up(LinkName name) throws IOException {
    change(name, new LinkChange.Up());
  }

  /** {@code ip link set NAME down}. */
  void down(LinkName name) throws IOException {
    change(name, new LinkChange.Down());
  }

  /** {@code ip link set NAME nomaster}. */
  void release(LinkName name) throws IOException {
    change(name, new LinkChange.NoMaster());
  }

  /** {@code ip link add NAME type bridge}, up. */
  void addBridge(LinkName name) throws IOException {
    inside.call(() -> netlink.addLink(LinkSpec.bridge(name).with(new LinkChange.Up())));
  }

  /** {@code ip link add NAME address MAC up type veth peer name PEER netns OTHER}. */
  void addVeth(LinkName name, MacAddress mac, LinkName peer, NetNamespace other)
      throws IOException {
    try (NamespaceHandle handle = NetworkNamespace.named(other.name()).open()) {
      inside.call(
          () ->
              netlink.addLink(
                  LinkSpec.veth(name, peer)
                      .with(new LinkChange.Mac(mac))
                      .with(new LinkChange.Up())
                      .withPeer(new LinkChange.Namespace(handle.fd()))));
    }
  }

  /** {@code ip link set NAME master BRIDGE up}. */
  void enslave(LinkName name, LinkName bridge) throws IOException {
    change(name, new LinkChange.Master(index(bridge)), new LinkChange.Up());
  }

  /** {@code ip link del NAME}; nothing happens if it is gone. */
  void deleteLink(LinkName name) throws IOException {
    inside.call(
        () -> {
          netlink.link(name).ifPresent(link -> netlink.deleteLink(link.index()));
          return name;
        });
  }

  /** {@code ip addr add ADDRESS/LENGTH dev NAME}. */
  void addAddress(LinkName name, IpAddress address, int prefixLength) throws IOException {
    int index = index(name);
    inside.call(
        () -> {
          Address plain = Address.of(index, address, prefixLength);
          // Nobody else has it: there is no need to wait until nobody has answered.
          netlink.addAddress(
              address.family() == IpFamily.IPV6 ? plain.with(AddressFlag.NODAD) : plain);
          return name;
        });
  }

  /** {@code ip route add DESTINATION via GATEWAY}. */
  void routeVia(Cidr destination, IpAddress gateway) throws IOException {
    addRoute(Route.to(destination, NextHop.via(gateway)));
  }

  /** {@code ip route add DESTINATION dev NAME scope link}. */
  void routeOnto(Cidr destination, LinkName name) throws IOException {
    addRoute(Route.to(destination, NextHop.device(index(name))));
  }

  /** {@code ip route add default via GATEWAY}. */
  void defaultVia(IpAddress gateway) throws IOException {
    routeVia(Cidr.everything(gateway.family()), gateway);
  }

  /** {@code ip route add default via GATEWAY dev NAME onlink}. */
  void defaultVia(IpAddress gateway, LinkName name) throws IOException {
    addRoute(Route.to(Cidr.everything(gateway.family()), NextHop.onlink(gateway, index(name))));
  }

  /** {@code sysctl -w net.NAME=VALUE}, slashes for dots. */
  void sysctl(String name, String value) throws IOException {
    inside.call(() -> Files.writeString(Path.of("/proc/sys/net").resolve(name), value));
  }

  private void addRoute(Route route) throws IOException {
    inside.call(
        () -> {
          netlink.addRoute(route);
          return route;
        });
  }

  private void change(LinkName name, LinkChange... changes) throws IOException {
    int index = index(name);
    inside.call(
        () -> {
          netlink.changeLink(index, changes);
          return name;
        });
  }

  private int index(LinkName name) throws IOException {
    return inside
        .call(() -> netlink.link(name))
        .map(Link::index)
        .orElseThrow(() -> new IOException("there is no link " + name));
  }

  @Override
  public void close() {
    netlink.close();
    inside.close();
  }
}
