package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.lease.Herald;
import io.egressgateway.node.lease.PacketHerald;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the agent hears of its kernel, and what the segment hears of the agent. */
final class KernelWatchIT {
  private static final String EIP = "10.6.168.201";
  private static final long PATIENCE_SECONDS = 5;
  private static final NodePlan PLAN =
      Plans.plan(Plans.mesh(12, 11), Selection.none(Plans.CLUSTER), Plans.holding(EIP, 12));

  private final DatapathLab lab = new DatapathLab();
  private final NetworkNamespace node;
  private final KernelThread thread;
  private final NetlinkKernel kernel;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  KernelWatchIT() throws Exception {
    node = lab.node(12);
    thread = lab.thread(node);
    kernel =
        thread
            .executor()
            .submit(() -> NetlinkKernel.open(Optional.empty(), AddressLifetime.FOREVER))
            .get();
  }

  @BeforeEach
  void start() throws Exception {
    thread.executor().submit(() -> kernel.watch(List.of(), heard::add)).get();
    thread
        .executor()
        .submit(() -> Reconciliation.run(kernel, PLAN, Tenure.LEASED, Optional.empty()))
        .get();
    heard.clear();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void ownChangesAreNoNews() throws Exception {
    thread.executor().submit(() -> Reconciliation.clear(kernel)).get();
    DatapathLab.in(node, KernelWatchIT::deleteDefaultRoute);
    // The kernel's own consequences may be heard, as 'link … REMOVED'; the first foreign one is
    // this.
    assertThat(next()).doesNotStartWith("rule").doesNotStartWith("table");
  }

  @Test
  void aForeignTransactionIsHeard() throws Exception {
    node.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            nft.commit(new NftBatch().deleteTable(Ruleset.TABLE));
          }
          return node;
        });
    assertThat(next()).startsWith("table inet egressgateway");
  }

  @Test
  void transactionsOfOtherTablesAreNoNews() throws Exception {
    TableId other = new TableId(NftFamily.INET, "egressgateway-of-someone-else");
    node.run(
        () -> {
          try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
            nft.commit(new NftBatch().addTable(NftTable.of(other)));
            nft.commit(new NftBatch().deleteTable(other));
            nft.commit(new NftBatch().deleteTable(Ruleset.TABLE));
          }
          return node;
        });
    assertThat(next()).startsWith("table inet egressgateway").doesNotContain("someone-else");
  }

  @Test
  void aLostAddressIsHeard() throws Exception {
    DatapathLab.in(
        node,
        routing ->
            routing.deleteAddress(
                routing.addresses(IpFamily.IPV4).stream()
                    .filter(address -> address.ip().equals(IpAddress.of(EIP)))
                    .findFirst()
                    .orElseThrow()));
    assertHeard("address " + EIP + " REMOVED");
  }

  @Test
  void aLostRouteIsHeard() throws Exception {
    DatapathLab.in(
        node,
        routing -> {
          for (Route route : routing.routes(IpFamily.IPV4, KernelReader.PROTOCOL)) {
            routing.deleteRoute(route);
          }
        });
    assertHeard("route 0.0.0.0/0 REMOVED");
  }

  /** The agent has to have read the link with its network first. */
  private void addSecondLink() throws Exception {
    DatapathLab.shell(
        node,
        """
        ip link add wan type veth peer name far
        ip addr add 10.7.0.12/24 dev wan
        ip link set wan up
        """);
    assertHeard("address 10.7.0.12 SET");
    thread
        .executor()
        .submit(() -> Reconciliation.run(kernel, PLAN, Tenure.LEASED, Optional.empty()))
        .get();
    // The link's own news may still be on its way.
    DatapathLab.shell(node, "ip link set far alias last");
    heard.clear();
  }

  @Test
  void whatBecomesOfALinkThatEgressIpsMayBeOnIsHeard() throws Exception {
    addSecondLink();
    DatapathLab.shell(node, "ip link set wan down");
    assertHeard("link wan SET");
    DatapathLab.shell(node, "ip link set wan name lan");
    assertHeard("link lan SET");
    DatapathLab.shell(node, "ip link del lan");
    assertHeard("link lan REMOVED");
  }

  @Test
  void linksOfPodsAreNoNews() throws Exception {
    addSecondLink();
    DatapathLab.shell(
        node,
        """
        ip link add pod1 type veth peer name pod2
        ip link set pod1 up
        ip link set pod2 up
        ip link set pod1 mtu 1400
        ip link del pod1
        ip link set wan alias anything
        ip addr add 10.99.0.1/32 dev lo
        """);
    assertThat(next()).startsWith("address 10.99.0.1");
  }

  @Test
  void anAnnouncementReachesTheSegmentAsRequestAndReply() throws Exception {
    List<ArpFrame> frames = new ArrayList<>();
    try (PacketSocket socket = lab.server().run(KernelWatchIT::listen)) {
      thread
          .executor()
          .submit(
              () -> {
                try (Herald herald = new PacketHerald()) {
                  herald.announce(kernel.uplink().portOf(IpAddress.of(EIP)), IpAddress.of(EIP));
                }
                return EIP;
              })
          .get();
      for (Optional<Bytes> frame = socket.receive();
          frame.isPresent() && frames.size() < 2;
          frame = socket.receive()) {
        ArpFrame.decode(frame.get())
            .filter(arp -> arp.senderIp().equals(IpAddress.of(EIP)))
            .ifPresent(frames::add);
        if (frames.size() == 2) {
          break;
        }
      }
    }
    assertThat(frames)
        .extracting(ArpFrame::operation)
        .containsExactly(ArpFrame.Operation.REQUEST, ArpFrame.Operation.REPLY);
  }

  private static PacketSocket listen() {
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      int index = routing.link(LinkName.of("eth0")).orElseThrow().index();
      return PacketSocket.open(index, EtherType.ARP, SocketLimits.REQUESTS);
    }
  }

  private static void deleteDefaultRoute(RouteNetlink routing) {
    routing.routes(IpFamily.IPV4, RoutingTable.MAIN).stream()
        .filter(route -> route.destination().prefixLength() == 0)
        .forEach(routing::deleteRoute);
  }

  /** The kernel may still be telling the consequences of what went before. */
  private void assertHeard(String wanted) throws InterruptedException {
    List<String> others = new ArrayList<>();
    for (String notice = next(); !notice.equals(wanted); notice = next()) {
      assertThat(notice).as("instead of '%s', after %s", wanted, others).isNotEqualTo("nothing");
      others.add(notice);
    }
  }

  private String next() throws InterruptedException {
    return Optional.ofNullable(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).orElse("nothing");
  }
}
