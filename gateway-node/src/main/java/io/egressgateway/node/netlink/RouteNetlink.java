package io.egressgateway.node.netlink;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.socket.NetlinkSocket;
import io.egressgateway.node.netlink.socket.Request;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressCodec;
import io.egressgateway.node.netlink.wire.route.ForwardingEntry;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkCodec;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.NeighbourCodec;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteCodec;
import io.egressgateway.node.netlink.wire.route.RouteFamily;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Links, addresses, neighbours, routes and routing rules of the network namespace it was opened in.
 * Every change is acknowledged by the kernel when the method returns; what it refuses is a {@link
 * NetlinkException}. Lists come in the kernel's order.
 *
 * <p>For one platform thread at a time, and blocking for microseconds to milliseconds.
 */
public final class RouteNetlink implements AutoCloseable {
  private final NetlinkSocket socket;

  private RouteNetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static RouteNetlink open(SocketLimits limits) {
    return new RouteNetlink(NetlinkSocket.open(NetlinkProtocol.ROUTE, limits));
  }

  /** The port id by which a {@link NetlinkMonitor} knows this client's changes. */
  public int portId() {
    return socket.portId();
  }

  /** Every device. Equivalent to: {@code ip link show}. */
  public List<Link> links() {
    return dump("list links", LinkCodec.dump(), LinkCodec::reads, LinkCodec::decode);
  }

  /** One device, if it exists. Equivalent to: {@code ip link show NAME}. */
  public Optional<Link> link(LinkName name) {
    try {
      return Optional.of(
          LinkCodec.decode(socket.ask(new Request("show link " + name, LinkCodec.get(name)))));
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ENODEV) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Creates a device. Equivalent to: {@code ip link add NAME … type …}.
   *
   * <p>A device whose spec moves it to another namespace is not here afterwards: use {@link
   * #addLinkElsewhere}.
   *
   * @return the device as the kernel made it
   */
  public Link addLink(LinkSpec spec) {
    addLinkElsewhere(spec);
    return link(spec.name())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "link " + spec.name() + " was created and is already gone"));
  }

  /** Creates a device without looking for it: one that its spec moves to another namespace. */
  public void addLinkElsewhere(LinkSpec spec) {
    acknowledge("add link " + spec.name(), LinkCodec.create(spec));
  }

  /** Changes a device. Equivalent to: {@code ip link set dev NAME …}. */
  public void changeLink(int index, LinkChange... changes) {
    List<LinkChange> all = List.of(changes);
    acknowledge("change link " + index + " " + all, LinkCodec.change(index, all));
  }

  /** Deletes a device. Equivalent to: {@code ip link delete dev NAME}. */
  public void deleteLink(int index) {
    acknowledge("delete link " + index, LinkCodec.delete(index));
  }

  /** Every address of a family. Equivalent to: {@code ip -4 address show}. */
  public List<Address> addresses(IpFamily family) {
    return dump(
        family,
        "list " + family + " addresses",
        AddressCodec.dump(family),
        AddressCodec::reads,
        AddressCodec::decode);
  }

  /** Adds an address; EEXIST if it is there. Equivalent to: {@code ip address add …}. */
  public void addAddress(Address address) {
    acknowledge("add " + describe(address), AddressCodec.add(address));
  }

  /** Adds an address or refreshes its lifetime. Equivalent to: {@code ip address replace …}. */
  public void replaceAddress(Address address) {
    acknowledge("replace " + describe(address), AddressCodec.replace(address));
  }

  /**
   * Adds addresses, in one piece; EEXIST if there is one already.
   *
   * @return refusals, in order; the other addresses are done
   */
  public List<RefusedAddress> addAddresses(List<Address> addresses) {
    return all("add", AddressCodec::add, addresses);
  }

  /**
   * Refreshes the lifetimes of unicast addresses, in one piece; EINVAL if there is no such one.
   *
   * @return refusals, in order; the other addresses are done
   */
  public List<RefusedAddress> extendAddresses(List<Address> addresses) {
    return all("extend", AddressCodec::extend, addresses);
  }

  /**
   * Deletes addresses, in one piece; EADDRNOTAVAIL if there is no such one.
   *
   * @return refusals, in order; the other addresses are done
   */
  public List<RefusedAddress> deleteAddresses(List<Address> addresses) {
    return all("delete", AddressCodec::delete, addresses);
  }

  private List<RefusedAddress> all(
      String verb, Function<Address, NetlinkMessage> message, List<Address> addresses) {
    List<Request> requests =
        addresses.stream()
            .map(a -> new Request(verb + " " + describe(a), message.apply(a)))
            .toList();
    List<RefusedAddress> refused = new ArrayList<>();
    socket
        .acknowledgeAll(requests)
        .forEach((place, reason) -> refused.add(new RefusedAddress(addresses.get(place), reason)));
    return List.copyOf(refused);
  }

  /**
   * Deletes an address; EADDRNOTAVAIL if there is none. Equivalent to: {@code ip address del …}.
   */
  public void deleteAddress(Address address) {
    acknowledge("delete " + describe(address), AddressCodec.delete(address));
  }

  private static String describe(Address address) {
    return "address %s/%d on link %d"
        .formatted(address.ip(), address.prefixLength(), address.link());
  }

  /** Every neighbour of a family. Equivalent to: {@code ip -4 neighbour show nud all}. */
  public List<Neighbour> neighbours(IpFamily family) {
    return dump(
        family,
        "list " + family + " neighbours",
        NeighbourCodec.dump(family),
        NeighbourCodec::reads,
        NeighbourCodec::decode);
  }

  /** Sets a neighbour. Equivalent to: {@code ip neighbour replace …}. */
  public void replaceNeighbour(Neighbour neighbour) {
    acknowledge("replace " + describe(neighbour), NeighbourCodec.replace(neighbour));
  }

  /** Deletes a neighbour; ENOENT if there is none. Equivalent to: {@code ip neighbour del …}. */
  public void deleteNeighbour(Neighbour neighbour) {
    acknowledge("delete " + describe(neighbour), NeighbourCodec.delete(neighbour));
  }

  private static String describe(Neighbour neighbour) {
    return "neighbour " + neighbour.ip() + " on link " + neighbour.link();
  }

  /**
   * The forwarding database that a tunnel device keeps itself. Equivalent to: {@code bridge fdb
   * show dev NAME self}.
   */
  public List<ForwardingEntry> forwarding(int link) {
    return dump(
            "list forwarding entries of link " + link,
            NeighbourCodec.dumpForwarding(link),
            NeighbourCodec::readsForwarding,
            NeighbourCodec::decodeForwarding)
        .stream()
        .filter(entry -> entry.link() == link)
        .toList();
  }

  /**
   * Adds a tunnel end. Equivalent to: {@code bridge fdb append MAC dev NAME dst IP self permanent}.
   */
  public void appendForwarding(ForwardingEntry entry) {
    acknowledge("append " + describe(entry), NeighbourCodec.append(entry));
  }

  /**
   * Sets the tunnel end. Equivalent to: {@code bridge fdb replace MAC dev NAME dst IP self
   * permanent}.
   */
  public void replaceForwarding(ForwardingEntry entry) {
    acknowledge("replace " + describe(entry), NeighbourCodec.replace(entry));
  }

  /** Deletes a tunnel end. Equivalent to: {@code bridge fdb del MAC dev NAME dst IP self}. */
  public void deleteForwarding(ForwardingEntry entry) {
    acknowledge("delete " + describe(entry), NeighbourCodec.delete(entry));
  }

  private static String describe(ForwardingEntry entry) {
    return "forwarding entry " + entry.mac() + " on link " + entry.link();
  }

  /**
   * The routes of one table, none if it does not exist. Equivalent to: {@code ip route show table
   * …}.
   */
  public List<Route> routes(IpFamily family, RoutingTable table) {
    try {
      return dump(
              family,
              "list " + family + " routes of table " + table.id(),
              RouteCodec.dump(family, table),
              RouteCodec::reads,
              RouteCodec::decode)
          .stream()
          .filter(route -> route.table().equals(table))
          .toList();
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ENOENT) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * The routes that one program installed, of all tables. Equivalent to: {@code ip route show table
   * all proto …}.
   */
  public List<Route> routes(IpFamily family, RouteProtocol protocol) {
    return dump(
            family,
            "list " + family + " routes of protocol " + protocol.value(),
            RouteCodec.dump(family, protocol),
            RouteCodec::reads,
            RouteCodec::decode)
        .stream()
        .filter(route -> route.protocol().equals(protocol))
        .toList();
  }

  /** Adds a route; EEXIST if there is one to the place. Equivalent to: {@code ip route add …}. */
  public void addRoute(Route route) {
    acknowledge("add " + describe(route), RouteCodec.add(route));
  }

  /** Sets a route. Equivalent to: {@code ip route replace …}. */
  public void replaceRoute(Route route) {
    acknowledge("replace " + describe(route), RouteCodec.replace(route));
  }

  /** Deletes a route; ESRCH if there is none. Equivalent to: {@code ip route del …}. */
  public void deleteRoute(Route route) {
    acknowledge("delete " + describe(route), RouteCodec.delete(route));
  }

  private static String describe(Route route) {
    return "route " + route.destination() + " of table " + route.table().id();
  }

  /** Every rule of a family. Equivalent to: {@code ip -4 rule show}. */
  public List<RoutingRule> rules(IpFamily family) {
    return dump(
        family,
        "list " + family + " rules",
        RuleCodec.dump(family),
        RuleCodec::reads,
        RuleCodec::decode);
  }

  /** Adds a rule; EEXIST if there is an equal one. Equivalent to: {@code ip rule add …}. */
  public void addRule(RoutingRule rule) {
    acknowledge("add " + describe(rule), RuleCodec.add(rule));
  }

  /** Deletes a rule; ENOENT if there is none. Equivalent to: {@code ip rule del …}. */
  public void deleteRule(RoutingRule rule) {
    acknowledge("delete " + describe(rule), RuleCodec.delete(rule));
  }

  private static String describe(RoutingRule rule) {
    return "%s rule %d to table %d".formatted(rule.family(), rule.priority(), rule.table().id());
  }

  private void acknowledge(String operation, NetlinkMessage message) {
    socket.acknowledge(new Request(operation, message));
  }

  /**
   * The rows of one family. A kernel that was started without the family has none: it refuses, or
   * answers with those of the others.
   */
  <T> List<T> dump(
      IpFamily family,
      String operation,
      NetlinkMessage request,
      Predicate<NetlinkMessage> reads,
      Function<NetlinkMessage, T> decode) {
    try {
      return dump(
          operation,
          request,
          message -> reads.test(message) && RouteFamily.isOf(family, message),
          decode);
    } catch (NetlinkException refused) {
      if (refused.errno() == Errno.EAFNOSUPPORT) {
        return List.of();
      }
      throw refused;
    }
  }

  private <T> List<T> dump(
      String operation,
      NetlinkMessage request,
      Predicate<NetlinkMessage> reads,
      Function<NetlinkMessage, T> decode) {
    List<T> rows = new ArrayList<>();
    for (NetlinkMessage message : socket.dump(new Request(operation, request))) {
      if (reads.test(message)) {
        rows.add(decode.apply(message));
      }
    }
    return List.copyOf(rows);
  }

  @Override
  public void close() {
    socket.close();
  }
}
