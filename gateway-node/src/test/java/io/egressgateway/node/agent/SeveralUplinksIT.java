package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.agent.NodeLease.Holding;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Uplink;
import io.egressgateway.node.lease.PacketHerald;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A gateway node with two links to the router, {@code eth0} and {@code wan}, in networks of their
 * own, and egress IPs of either, and of none.
 */
final class SeveralUplinksIT {
  private static final String ON_ETH0 = "10.6.168.201";
  private static final String ON_WAN = "10.7.0.201";
  private static final String ON_WAN_V6 = "fd07::201";
  private static final String OF_NO_NETWORK = "10.8.0.201";
  private static final SortedSet<IpAddress> ALL =
      addresses(ON_ETH0, ON_WAN, ON_WAN_V6, OF_NO_NETWORK);
  private static final List<String> PODS = List.of("10.244.1.1", "10.244.1.2", "10.244.1.3");
  private static final int WORKER = 11;
  private static final int GATEWAY = 12;
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final DatapathLab lab = new DatapathLab();
  private final NetworkNamespace worker = lab.node(WORKER);
  private final NetworkNamespace gateway = lab.node(GATEWAY);
  private final LabKernel gatewayKernel = lab.kernel(gateway);
  private final FenceThread fence;
  private final List<NetworkNamespace> pods = pods();
  private int writes;

  SeveralUplinksIT() throws Exception {
    fence = new FenceThread(gateway);
  }

  @BeforeEach
  void wire() throws Exception {
    wireWan();
    lab.kernel(worker).reconcile(workerPlan());
  }

  private void wireWan() throws Exception {
    DatapathLab.shell(
        gateway, "ip link add wan type veth peer name wan netns %s".formatted(lab.server().name()));
    DatapathLab.shell(gateway, up("wan", 12));
    DatapathLab.shell(lab.server(), up("wan", 1));
  }

  private static String up(String link, int number) {
    return """
        ip link set %1$s up
        ip addr add 10.7.0.%2$d/24 dev %1$s
        ip addr add fd07::%2$d/64 dev %1$s nodad
        """
        .formatted(link, number);
  }

  @AfterEach
  void stop() throws Exception {
    fence.close();
    lab.close();
  }

  @Test
  void eachEgressIpIsOnTheLinkOfItsNetworkAndPodsLeaveWithIt() throws Exception {
    reconcile(gatewayPlan());

    assertThat(linksOfEgressIps())
        .isEqualTo(Map.of(ON_ETH0, "eth0", ON_WAN, "wan", ON_WAN_V6, "wan", OF_NO_NETWORK, "eth0"));
    DatapathLab.shell(lab.server(), "ip route add 10.8.0.0/24 dev eth0");
    assertThat(sources()).containsExactly(ON_ETH0, ON_WAN, OF_NO_NETWORK);
    // The same when packets leave by the second link, too.
    DatapathLab.shell(gateway, "ip route add 10.6.1.92 via 10.7.0.1 dev wan");
    assertThat(sources()).containsExactly(ON_ETH0, ON_WAN, OF_NO_NETWORK);
  }

  @Test
  void eachIsAnsweredForOnItsSegmentAlone() throws Exception {
    reconcile(gatewayPlan());

    assertThat(answered("eth0")).isEqualTo(addresses(ON_ETH0, OF_NO_NETWORK));
    assertThat(answered("wan")).isEqualTo(addresses(ON_WAN, ON_WAN_V6));
  }

  @Test
  void eachIsAnnouncedOnItsSegmentAlone() throws Exception {
    Uplink uplink = reconcile(gatewayPlan());

    try (Ears eth0 = new Ears("eth0");
        Ears wan = new Ears("wan");
        PacketHerald herald = gateway.run(PacketHerald::new)) {
      for (IpAddress address : ALL) {
        gateway.run(
            () -> {
              herald.announce(uplink.portOf(address), address);
              return address;
            });
      }
      assertThat(eth0.senders()).isEqualTo(addresses(ON_ETH0, OF_NO_NETWORK));
      assertThat(wan.senders()).isEqualTo(addresses(ON_WAN, ON_WAN_V6));
    }
  }

  @Test
  void whileAnAddressIsOnBothLinksItIsAnsweredForOnOne() throws Exception {
    reconcile(gatewayPlan());
    DatapathLab.shell(
        gateway,
        """
        ip addr add %s/32 dev eth0 noprefixroute
        ip addr add %s/128 dev eth0 noprefixroute nodad
        """
            .formatted(ON_WAN, ON_WAN_V6));

    assertThat(answered("eth0")).isEqualTo(addresses(ON_ETH0, OF_NO_NETWORK));
    assertThat(answered("wan")).isEqualTo(addresses(ON_WAN, ON_WAN_V6));
  }

  @Test
  void gatesHoldOnEveryLink() throws Exception {
    reconcile(gatewayPlan());
    write(new TreeSet<>());

    assertThat(answered("eth0")).isEmpty();
    assertThat(answered("wan")).isEmpty();
    assertThat(sources()).containsExactly("nothing", "nothing", "nothing");
    DatapathLab.shell(gateway, "ip route add 10.6.1.92 via 10.7.0.1 dev wan");
    assertThat(sources()).containsExactly("nothing", "nothing", "nothing");
  }

  @Test
  void whenALinkIsGoneItsEgressIpsAreOnTheUplinkUntilItIsBack() throws Exception {
    reconcile(gatewayPlan());
    DatapathLab.shell(gateway, "ip link del wan");
    reconcile(gatewayPlan());
    assertThat(linksOfEgressIps().values()).containsOnly("eth0");
    assertThat(answered("eth0")).isEqualTo(ALL);
    assertThat(lab.sourceOf(pods.getFirst())).contains(ON_ETH0);

    wireWan();
    reconcile(gatewayPlan());
    assertThat(linksOfEgressIps()).containsEntry(ON_WAN, "wan").containsEntry(ON_WAN_V6, "wan");
    assertThat(answered("eth0")).isEqualTo(addresses(ON_ETH0, OF_NO_NETWORK));
    assertThat(answered("wan")).isEqualTo(addresses(ON_WAN, ON_WAN_V6));
    assertThat(sources()).startsWith(ON_ETH0, ON_WAN);
  }

  @Test
  void aLinkThatIsDownOrExcludedHasNone() throws Exception {
    reconcile(Plans.excluding(gatewayPlan(), "w?n"));
    assertThat(linksOfEgressIps().values()).containsOnly("eth0");
    reconcile(Plans.excluding(gatewayPlan(), "w", "eth0"));
    assertThat(linksOfEgressIps()).containsEntry(ON_WAN, "wan").containsEntry(ON_ETH0, "eth0");
    assertThat(answered("wan")).isEqualTo(addresses(ON_WAN, ON_WAN_V6));

    DatapathLab.shell(gateway, "ip link set wan down");
    reconcile(gatewayPlan());
    assertThat(linksOfEgressIps().values()).containsOnly("eth0");
  }

  /**
   * A VLAN where the kernel has them; else another kind of link on top of {@code eth0}, on whose
   * segment both then are.
   */
  @Test
  void aLinkOnTopOfAnotherHasTheEgressIpsOfItsNetwork() throws Exception {
    String stacked =
        """
        ip link add link eth0 name eth0.100 type vlan id 100 2>/dev/null \\
          || ip link add link eth0 name eth0.100 type macvlan mode private
        """;
    DatapathLab.shell(gateway, "ip link del wan");
    for (NetworkNamespace each : List.of(gateway, lab.server())) {
      DatapathLab.shell(each, stacked);
    }
    DatapathLab.shell(gateway, up("eth0.100", 12));
    DatapathLab.shell(lab.server(), up("eth0.100", 1));
    reconcile(gatewayPlan());

    assertThat(linksOfEgressIps())
        .isEqualTo(
            Map.of(
                ON_ETH0, "eth0", ON_WAN, "eth0.100", ON_WAN_V6, "eth0.100", OF_NO_NETWORK, "eth0"));
    MacAddress ofVlan =
        MacAddress.of(
            DatapathLab.shell(gateway, "ip -br link show eth0.100 | awk '{print $3}'").strip());
    SortedMap<IpAddress, MacAddress> found = Router.whoAnswers(lab, "eth0.100", ALL);
    found.values().removeIf(mac -> !mac.equals(ofVlan));
    assertThat(found.keySet()).isEqualTo(addresses(ON_WAN, ON_WAN_V6));
    assertThat(sources()).startsWith(ON_ETH0, ON_WAN);
  }

  /** As the agent does it: gates, kernel, gates again if the links are others, and open. */
  private Uplink reconcile(NodePlan plan) throws Exception {
    Uplink before =
        gatewayKernel
            .thread()
            .executor()
            .submit(() -> gatewayKernel.kernel().uplinkIn(plan.mesh()))
            .get();
    gate(before);
    Uplink uplink = gatewayKernel.reconcile(plan).known().uplink();
    gate(uplink);
    write(ALL);
    return uplink;
  }

  private void gate(Uplink uplink) throws Exception {
    fence.gate(new Holding(uplink, ALL).places());
  }

  private void write(SortedSet<IpAddress> open) throws Exception {
    Gates gates = new Gates(++writes, open, RawClock.nanos() + LEASE.toNanos());
    fence.write(gates);
  }

  private List<String> sources() throws Exception {
    List<String> sources = new ArrayList<>();
    for (NetworkNamespace pod : pods) {
      sources.add(lab.sourceOf(pod).orElse("nothing"));
    }
    return sources;
  }

  private List<NetworkNamespace> pods() throws Exception {
    List<NetworkNamespace> made = new ArrayList<>();
    for (String pod : PODS) {
      made.add(lab.pod(worker, pod));
    }
    return made;
  }

  private Map<String, String> linksOfEgressIps() throws Exception {
    Map<String, String> links = new TreeMap<>();
    for (IpAddress address : ALL) {
      String link =
          DatapathLab.shell(
              gateway,
              "ip -o addr show to %s/%d | cut -d' ' -f2"
                  .formatted(address, address.family().bits()));
      links.put(address.toString(), link.strip());
    }
    return links;
  }

  private SortedSet<IpAddress> answered(String link) throws Exception {
    return new TreeSet<>(Router.whoAnswers(lab, link, ALL).keySet());
  }

  /** What the router hears on one of its links. */
  private final class Ears implements AutoCloseable {
    private final List<PacketSocket> sockets;

    Ears(String link) {
      sockets =
          lab.server()
              .run(
                  () -> {
                    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
                      int index = routing.link(LinkName.of(link)).orElseThrow().index();
                      SocketLimits limits =
                          SocketLimits.REQUESTS.withReceiveTimeout(Duration.ofMillis(200));
                      return List.of(
                          PacketSocket.open(index, EtherType.ARP, limits),
                          PacketSocket.open(index, EtherType.IPV6, limits));
                    }
                  });
    }

    /** Egress IPs that were announced, until it is quiet. */
    SortedSet<IpAddress> senders() {
      SortedSet<IpAddress> senders = new TreeSet<>();
      for (PacketSocket socket : sockets) {
        for (Optional<Bytes> frame = socket.receive();
            frame.isPresent();
            frame = socket.receive()) {
          ArpFrame.decode(frame.get()).map(ArpFrame::senderIp).ifPresent(senders::add);
          NeighbourAdvertisement.decode(frame.get())
              .map(NeighbourAdvertisement::target)
              .ifPresent(senders::add);
        }
      }
      senders.retainAll(ALL);
      return senders;
    }

    @Override
    public void close() {
      sockets.forEach(PacketSocket::close);
    }
  }

  private static SortedSet<IpAddress> addresses(String... texts) {
    return List.of(texts).stream()
        .map(IpAddress::of)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static NodePlan gatewayPlan() {
    SortedMap<EipNumber, IpAddress> held = new TreeMap<>();
    for (String address : List.of(ON_ETH0, ON_WAN, OF_NO_NETWORK, ON_WAN_V6)) {
      held.put(new EipNumber(held.size() + 1), IpAddress.of(address));
    }
    return Plans.plan(
        Plans.mesh(GATEWAY, WORKER),
        Selection.none(Plans.CLUSTER),
        new Ownership(routes(held.size()), held));
  }

  private static SortedMap<EipNumber, NodeNumber> routes(int egressIps) {
    SortedMap<EipNumber, NodeNumber> routes = new TreeMap<>();
    for (int number = 1; number <= egressIps; number++) {
      routes.put(new EipNumber(number), new NodeNumber(GATEWAY));
    }
    return routes;
  }

  /** Each pod leaves with an egress IP of its own. */
  private static NodePlan workerPlan() {
    SortedMap<IpAddress, ClassNumber> endpoints = new TreeMap<>();
    SortedSet<ClassRule> rules = new TreeSet<>();
    for (String pod : PODS) {
      int number = endpoints.size() + 1;
      endpoints.put(IpAddress.of(pod), new ClassNumber(number));
      rules.add(
          new ClassRule(new ClassNumber(number), Cidr.of("0.0.0.0/0"), new EipNumber(number)));
    }
    return Plans.plan(
        Plans.mesh(WORKER, GATEWAY),
        new Selection(Plans.CLUSTER, endpoints, rules),
        new Ownership(routes(PODS.size()), new TreeMap<>()));
  }
}
