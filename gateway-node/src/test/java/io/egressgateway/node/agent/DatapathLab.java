package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NamespaceHandle;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Masquerade;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two nodes on one network segment, a server outside that says where a packet came from, and pods
 * behind the nodes as a CNI would attach them: a host route each, and masquerading for whatever
 * leaves the cluster. Everything but the pods has addresses of both families.
 */
final class DatapathLab implements AutoCloseable {
  static final String SERVER = "10.6.1.92";
  static final String SERVER_V6 = "fd06:1::92";
  static final int PORT = 9000;
  private static final String ROUTER = "10.6.168.1";
  private static final String ROUTER_V6 = "fd06::1";
  private static final Cidr PODS = Cidr.of("10.244.0.0/16");
  private static final Cidr PODS_V6 = Cidr.of("fd44::/16");
  private static final String POD_GATEWAY = "169.254.1.1";
  private static final String POD_GATEWAY_V6 = "fe80::1";
  private static final AtomicInteger LABS = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  private final String prefix =
      "egn" + ProcessHandle.current().pid() + "x" + LABS.incrementAndGet();
  private final List<NetworkNamespace> namespaces = new ArrayList<>();
  private final List<Runnable> endings = new ArrayList<>();
  private final NetworkNamespace segment;
  private final NetworkNamespace server;
  private final Queue<String> arrivals = new ConcurrentLinkedQueue<>();
  private int ports;

  DatapathLab() throws Exception {
    segment = namespace("segment");
    in(segment, routing -> up(routing, routing.addLink(LinkSpec.bridge(LinkName.of("br0")))));
    server = namespace("server");
    attach(server, ROUTER + "/24", ROUTER_V6 + "/64");
    in(
        server,
        routing -> {
          Link lo = routing.link(LinkName.of("lo")).orElseThrow();
          routing.addAddress(address(lo, IpAddress.of(SERVER), 32));
          routing.addAddress(address(lo, IpAddress.of(SERVER_V6), 128));
        });
    startServer(SERVER);
    startServer(SERVER_V6);
  }

  /** Asks the server, from a socket of one namespace, where packets come from. */
  static final class Client implements AutoCloseable {
    private final DatagramSocket socket;
    private final InetSocketAddress server;

    Client(DatagramSocket socket, InetSocketAddress server) {
      this.socket = socket;
      this.server = server;
    }

    /** The source that the server saw; empty if nothing came back in time. */
    Optional<String> ask() throws IOException {
      send("?");
      return receive();
    }

    void send(String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      socket.send(new DatagramPacket(bytes, bytes.length, server));
    }

    /** Sends a datagram that says what was done before it. */
    void sendAfter(KernelChange change) {
      try {
        send(change.describe());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Optional<String> receive() throws IOException {
      byte[] answer = new byte[128];
      DatagramPacket packet = new DatagramPacket(answer, answer.length);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException nothing) {
        return Optional.empty();
      }
      return Optional.of(new String(answer, 0, packet.getLength(), UTF_8));
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** The router, which is the server too. */
  NetworkNamespace server() {
    return server;
  }

  /** What came to the server so far, as {@code SOURCE TEXT}. */
  List<String> arrivals() {
    return List.copyOf(arrivals);
  }

  /** A node of the cluster with this last octet. */
  NetworkNamespace node(int number) throws Exception {
    NetworkNamespace node = namespace("node" + number);
    attach(node, "10.6.168." + number + "/24", "fd06::" + number + "/64");
    in(
        node,
        routing -> {
          routing.addRoute(Route.to(Cidr.of("0.0.0.0/0"), NextHop.via(IpAddress.of(ROUTER))));
          routing.addRoute(Route.to(Cidr.of("::/0"), NextHop.via(IpAddress.of(ROUTER_V6))));
        });
    set(node, "net/ipv4/ip_forward", "1");
    set(node, "net/ipv6/conf/all/forwarding", "1");
    node.run(
        () -> {
          masquerade();
          return node;
        });
    return node;
  }

  /** Writes a value below {@code /proc/sys} of a namespace. */
  static void set(NetworkNamespace namespace, String path, String value) {
    namespace.run(() -> Files.writeString(Path.of("/proc/sys").resolve(path), value));
  }

  /** A pod behind a node, with one address or one of each family. */
  NetworkNamespace pod(NetworkNamespace node, String... addresses) throws Exception {
    NetworkNamespace pod = namespace("pod" + ++ports);
    connect(node, pod, addresses);
    in(
        pod,
        routing -> {
          Link eth0 = routing.link(LinkName.of("eth0")).orElseThrow();
          for (String text : addresses) {
            IpAddress address = IpAddress.of(text);
            routing.addAddress(address(eth0, address, address.family().bits()));
            routing.addRoute(
                Route.to(
                    Cidr.everything(address.family()),
                    NextHop.onlink(podGateway(address.family()), eth0.index())));
          }
        });
    return pod;
  }

  /**
   * A pod that is on the segment itself and has a second link to its node, which only packets to
   * one destination take.
   */
  NetworkNamespace underlayPod(NetworkNamespace node, String address, Cidr hijacked)
      throws Exception {
    NetworkNamespace pod = namespace("pod" + ++ports);
    connect(node, pod, address);
    in(
        pod,
        routing -> {
          Link toNode = routing.link(LinkName.of("eth0")).orElseThrow();
          routing.addRoute(
              Route.to(hijacked, NextHop.onlink(IpAddress.of(POD_GATEWAY), toNode.index())));
        });
    attach(pod, LinkName.of("net1"), address + "/24");
    in(
        pod,
        routing ->
            routing.addRoute(Route.to(Cidr.of("0.0.0.0/0"), NextHop.via(IpAddress.of(ROUTER)))));
    return pod;
  }

  private static IpAddress podGateway(IpFamily family) {
    return switch (family) {
      case IPV4 -> IpAddress.of(POD_GATEWAY);
      case IPV6 -> IpAddress.of(POD_GATEWAY_V6);
    };
  }

  /** A link between pod and node, and the node's routes to the pod. */
  private void connect(NetworkNamespace node, NetworkNamespace pod, String... addresses)
      throws Exception {
    LinkName host = LinkName.of("pod" + ports);
    try (NamespaceHandle handle = pod.open()) {
      in(
          node,
          routing -> {
            Link veth =
                routing.addLink(
                    LinkSpec.veth(host, LinkName.of("eth0"))
                        .withPeer(new LinkChange.Namespace(handle.fd())));
            up(routing, veth);
            for (String text : addresses) {
              IpAddress address = IpAddress.of(text);
              IpAddress gateway = podGateway(address.family());
              routing.addAddress(
                  address(veth, gateway, gateway.family().bits()).withScope(Scope.LINK));
              routing.addRoute(Route.to(Cidr.ofAddress(address), NextHop.device(veth.index())));
            }
          });
    }
    in(pod, routing -> up(routing, routing.link(LinkName.of("eth0")).orElseThrow()));
  }

  /** A client whose packets belong to one flow. */
  Client client(NetworkNamespace pod) {
    return client(pod, IpFamily.IPV4);
  }

  /** A client of the server's address of a family. */
  Client client(NetworkNamespace pod, IpFamily family) {
    return client(pod, family, 0);
  }

  /** A client with this port; 0: any that is free. */
  Client client(NetworkNamespace pod, IpFamily family, int port) {
    String server = family == IpFamily.IPV4 ? SERVER : SERVER_V6;
    DatagramSocket socket =
        pod.run(
            () -> {
              DatagramSocket opened = new DatagramSocket(port, InetAddress.getByName(any(family)));
              opened.setSoTimeout((int) PATIENCE.toMillis());
              return opened;
            });
    Client client = new Client(socket, new InetSocketAddress(server, PORT));
    endings.add(client::close);
    return client;
  }

  private static String any(IpFamily family) {
    return switch (family) {
      case IPV4 -> "0.0.0.0";
      case IPV6 -> "::";
    };
  }

  /** The source of a new flow of the pod. */
  Optional<String> sourceOf(NetworkNamespace pod) throws IOException {
    return sourceOf(pod, IpFamily.IPV4);
  }

  /** The source of a new flow of the pod to the server's address of a family. */
  Optional<String> sourceOf(NetworkNamespace pod, IpFamily family) throws IOException {
    try (Client client = client(pod, family)) {
      return client.ask();
    }
  }

  /** The kernel of a node, as the agent has it. */
  LabKernel kernel(NetworkNamespace node) throws Exception {
    KernelThread thread = thread(node);
    return new LabKernel(
        thread,
        thread
            .executor()
            .submit(() -> NetlinkKernel.open(Optional.empty(), AddressLifetime.FOREVER))
            .get());
  }

  /** A kernel thread inside the node. */
  KernelThread thread(NetworkNamespace node) {
    KernelThread thread =
        new KernelThread(
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("kernel of " + node.name()).daemon(true).factory()));
    var unused = thread.executor().submit(node::enter);
    endings.add(thread.executor()::shutdownNow);
    return thread;
  }

  /** How many packets the rules with this comment dropped in a node. */
  static long dropped(NetworkNamespace node, String comment) {
    return node.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            return nft.rules(Ruleset.TABLE).stream()
                .map(RuleEntry::rule)
                .filter(rule -> rule.comment().equals(Optional.of(comment)))
                .flatMap(rule -> rule.expressions().stream())
                .filter(Counter.class::isInstance)
                .mapToLong(counter -> ((Counter) counter).packets())
                .sum();
          }
        });
  }

  /** What foreign hands do in a namespace, and what their tools say to it. */
  static String shell(NetworkNamespace namespace, String script) throws Exception {
    Process process =
        namespace.run(
            () -> new ProcessBuilder("sh", "-e", "-c", script).redirectErrorStream(true).start());
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(script + ": " + output);
    }
    return output;
  }

  interface Wiring {
    void run(RouteNetlink routing) throws Exception;
  }

  static void in(NetworkNamespace namespace, Wiring wiring) {
    namespace.run(
        () -> {
          try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
            wiring.run(routing);
          }
          return namespace;
        });
  }

  private NetworkNamespace namespace(String name) {
    NetworkNamespace namespace = NetworkNamespace.create(prefix + name);
    namespaces.add(namespace);
    // So that link-local addresses are of use at once.
    set(namespace, "net/ipv6/conf/default/accept_dad", "0");
    in(namespace, routing -> up(routing, routing.link(LinkName.of("lo")).orElseThrow()));
    return namespace;
  }

  private void attach(NetworkNamespace namespace, String... addresses) throws Exception {
    attach(namespace, LinkName.of("eth0"), addresses);
  }

  private void attach(NetworkNamespace namespace, LinkName name, String... addresses)
      throws Exception {
    LinkName port = LinkName.of("port" + ++ports);
    try (NamespaceHandle handle = namespace.open()) {
      in(
          segment,
          routing -> {
            Link bridge = routing.link(LinkName.of("br0")).orElseThrow();
            Link veth =
                routing.addLink(
                    LinkSpec.veth(port, name).withPeer(new LinkChange.Namespace(handle.fd())));
            routing.changeLink(veth.index(), new LinkChange.Master(bridge.index()));
            up(routing, veth);
          });
    }
    in(
        namespace,
        routing -> {
          Link link = routing.link(name).orElseThrow();
          up(routing, link);
          for (String address : addresses) {
            String[] parts = address.split("/", 2);
            routing.addAddress(address(link, IpAddress.of(parts[0]), Integer.parseInt(parts[1])));
          }
        });
  }

  /** Of use at once, without asking whether somebody has it. */
  private static Address address(Link link, IpAddress ip, int prefixLength) {
    Address address = Address.of(link.index(), ip, prefixLength);
    return ip.family() == IpFamily.IPV6 ? address.with(AddressFlag.NODAD) : address;
  }

  private static void up(RouteNetlink routing, Link link) {
    routing.changeLink(link.index(), new LinkChange.Up());
  }

  private static void masquerade() {
    masquerade(NftFamily.IP, PODS, PayloadField.IP_SOURCE, PayloadField.IP_DESTINATION);
    masquerade(NftFamily.IP6, PODS_V6, PayloadField.IP6_SOURCE, PayloadField.IP6_DESTINATION);
  }

  private static void masquerade(
      NftFamily family, Cidr cidr, PayloadField source, PayloadField destination) {
    TableId table = new TableId(family, "cni-masq");
    ChainId chain = table.chain("postrouting");
    byte[] first = cidr.first().toBytes();
    Bytes pods = Bytes.of(first);
    Bytes mask = Bytes.parseHex("ffff" + "00".repeat(first.length - 2));
    try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
      nft.commit(
          new NftBatch()
              .addTable(NftTable.of(table))
              .addChain(NftChain.base(chain, BaseChain.nat(Hook.POSTROUTING, 100)))
              .appendRule(
                  NftRule.of(
                      chain,
                      new Payload.Load(source, Register.R1),
                      Bitwise.and(Register.R1, mask),
                      Cmp.equal(Register.R1, pods),
                      new Payload.Load(destination, Register.R1),
                      Bitwise.and(Register.R1, mask),
                      Cmp.notEqual(Register.R1, pods),
                      Masquerade.plain())));
    }
  }

  private void startServer(String address) {
    DatagramSocket socket =
        server.run(() -> new DatagramSocket(PORT, InetAddress.getByName(address)));
    endings.add(socket::close);
    Thread.ofPlatform().name("server").daemon(true).start(() -> serve(socket));
  }

  private void serve(DatagramSocket socket) {
    byte[] buffer = new byte[2048];
    try {
      while (!socket.isClosed()) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        String source = IpAddress.of(packet.getAddress().getHostAddress()).toString();
        arrivals.add(source + " " + new String(buffer, 0, packet.getLength(), UTF_8));
        byte[] answer = source.getBytes(UTF_8);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
    for (NetworkNamespace namespace : namespaces.reversed()) {
      namespace.delete();
    }
  }
}
