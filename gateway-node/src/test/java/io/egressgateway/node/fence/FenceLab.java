package io.egressgateway.node.fence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node between its pod and its network segment: {@code pod eth0 - eth1 node eth0 - eth0 segment}.
 * The node translates the pod's packets to its egress IPs. What the fence did is asked of other
 * programs, ip and nft.
 */
final class FenceLab implements AutoCloseable {
  static final String UPLINK = "eth0";
  static final IpAddress EIP = IpAddress.of("10.9.0.201");
  static final IpAddress EIP6 = IpAddress.of("fd09::201");
  static final String SEGMENT = "10.9.0.1";
  static final String SEGMENT6 = "fd09::1";
  private static final AtomicInteger LABS = new AtomicInteger();

  private final String prefix =
      "egf" + ProcessHandle.current().pid() + "x" + LABS.incrementAndGet();
  private final List<NetworkNamespace> namespaces = new ArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("lease of the lab").daemon(true).factory());
  private final NetworkNamespace segment;
  private final NetworkNamespace node;
  private final NetworkNamespace pod;

  FenceLab() throws Exception {
    segment = namespace("s");
    node = namespace("n");
    pod = namespace("p");
    String toNode = " netns " + node.name();
    in(segment, "ip link add eth0 type veth peer name eth0" + toNode);
    in(pod, "ip link add eth0 type veth peer name eth1" + toNode);
    for (NetworkNamespace each : List.of(segment, pod)) {
      in(each, "ip link set eth0 up; ip link set lo up");
    }
    in(segment, "ip addr add 10.9.0.1/24 dev eth0; ip addr add fd09::1/64 dev eth0 nodad");
    in(
        node,
        """
        ip link set lo up; ip link set eth0 up; ip link set eth1 up
        ip addr add 10.9.0.2/24 dev eth0; ip addr add fd09::2/64 dev eth0 nodad
        ip addr add 10.9.1.1/24 dev eth1; ip addr add fd19::1/64 dev eth1 nodad
        sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        """);
    in(
        pod,
        """
        ip addr add 10.9.1.2/24 dev eth0; ip addr add fd19::2/64 dev eth0 nodad
        ip route add default via 10.9.1.1; ip -6 route add default via fd19::1
        """);
    thread.submit(node::enter).get();
  }

  NetworkNamespace segment() {
    return segment;
  }

  NetworkNamespace node() {
    return node;
  }

  NetworkNamespace pod() {
    return pod;
  }

  /** Runs something on the one thread of the node that may use the fence. */
  <T> T lease(Callable<T> task) throws Exception {
    try {
      return thread.submit(task).get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failed;
    }
  }

  /** Puts addresses on the uplink as the agent does, for a while. */
  void hold(Collection<IpAddress> addresses, int seconds) {
    node.run(
        () -> {
          try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
            int link = routing.link(LinkName.of(UPLINK)).orElseThrow().index();
            for (IpAddress ip : addresses) {
              routing.replaceAddress(
                  Address.of(link, ip, ip.family().bits())
                      .withProtocol(Marks.PROTOCOL)
                      .with(AddressFlag.NOPREFIXROUTE)
                      .with(AddressFlag.NODAD)
                      .withLifetime(AddressLifetime.secondsNotPreferred(seconds)));
            }
          }
          return addresses;
        });
  }

  /** Translates the pod's packets. */
  void translate() throws Exception {
    in(
        node,
        """
        nft add table inet lab
        nft add chain inet lab post '{ type nat hook postrouting priority 99; }'
        nft add rule inet lab post oifname eth0 ip saddr 10.9.1.0/24 snat ip to %s
        nft add rule inet lab post oifname eth0 ip6 saddr fd19::/64 snat ip6 to %s
        """
            .formatted(EIP, EIP6));
  }

  static SortedSet<IpAddress> set(IpAddress... addresses) {
    return new TreeSet<>(List.of(addresses));
  }

  /** What a shell in a namespace says; it must succeed. */
  static String in(NetworkNamespace namespace, String script) throws Exception {
    Result result = attempt(namespace, "set -e\n" + script);
    if (result.code() != 0) {
      throw new IOException(script + ": " + result.output());
    }
    return result.output();
  }

  /** How a shell ended. */
  record Result(int code, String output) {}

  static Result attempt(NetworkNamespace namespace, String script) throws Exception {
    Process process =
        namespace.run(
            () -> new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start());
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output);
  }

  private NetworkNamespace namespace(String name) {
    NetworkNamespace namespace = NetworkNamespace.create(prefix + name);
    namespaces.add(namespace);
    return namespace;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    namespaces.reversed().forEach(NetworkNamespace::delete);
  }
}
