package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.KernelNotice.Change;
import io.egressgateway.node.netlink.KernelNotice.Origin;
import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftSubject;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.NextHop;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RoutingTable;
import io.egressgateway.node.netlink.wire.route.RuleSelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every change shows as news, with who made it. */
final class NetlinkMonitorIT {
  private final TestNamespace namespace = new TestNamespace();
  private final RouteNetlink own = namespace.route();
  private final RouteNetlink other = namespace.route();
  private final NftNetlink nft = namespace.nft();
  private final List<KernelNotice> notices = new CopyOnWriteArrayList<>();
  private final List<NetlinkMonitor> monitors = new ArrayList<>();

  @AfterEach
  void close() {
    monitors.forEach(NetlinkMonitor::close);
    own.close();
    other.close();
    nft.close();
    namespace.close();
  }

  private void listen(
      Set<MonitorTopic> topics, SocketLimits limits, Consumer<KernelNotice> receiver) {
    monitors.add(
        namespace
            .namespace()
            .run(
                () ->
                    NetlinkMonitor.start(
                        topics,
                        port -> port == own.portId() || port == nft.portId(),
                        limits,
                        receiver)));
  }

  private void listen() {
    listen(EnumSet.allOf(MonitorTopic.class), SocketLimits.NOTIFICATIONS, notices::add);
  }

  private void await(KernelNotice expected) {
    assertThat(Waiting.until(() -> notices, seen -> seen.contains(expected))).contains(expected);
  }

  @Test
  void tellsOwnForeignAndKernelChangesApart() {
    listen();
    int link =
        own.addLink(LinkSpec.veth(LinkName.of("a0"), LinkName.of("b0")).with(new LinkChange.Up()))
            .index();
    Waiting.until(
        () -> notices,
        seen ->
            seen.stream()
                .anyMatch(
                    notice ->
                        notice instanceof KernelNotice.OfLink made
                            && made.change() == Change.SET
                            && made.link().name().equals(LinkName.of("a0"))));

    Address address =
        Address.of(link, IpAddress.of("10.0.0.1"), 32).with(AddressFlag.NOPREFIXROUTE);
    own.addAddress(address);
    await(new KernelNotice.OfAddress(Origin.OWN, Change.SET, address));

    Route route =
        Route.to(Cidr.of("10.1.0.0/16"), NextHop.onlink(IpAddress.of("10.9.9.9"), link))
            .in(new RoutingTable(4711));
    own.addRoute(route);
    await(new KernelNotice.OfRoute(Origin.OWN, Change.SET, route));
    other.deleteRoute(route);
    await(new KernelNotice.OfRoute(Origin.FOREIGN, Change.REMOVED, route));

    RoutingRule rule =
        RoutingRule.lookup(
            IpFamily.IPV4, 99, RuleSelector.mark(FirewallMark.exactly(5)), new RoutingTable(4711));
    other.addRule(rule);
    await(new KernelNotice.OfRule(Origin.FOREIGN, Change.SET, rule));

    Neighbour neighbour =
        Neighbour.permanent(link, IpAddress.of("10.9.9.9"), MacAddress.of("02:00:00:00:00:09"));
    own.replaceNeighbour(neighbour);
    Waiting.until(
        () -> notices,
        seen ->
            seen.stream()
                .anyMatch(
                    notice ->
                        notice instanceof KernelNotice.OfNeighbour told
                            && told.neighbour().equals(neighbour)));

    own.deleteLink(link);
    await(new KernelNotice.OfAddress(Origin.KERNEL, Change.REMOVED, address));
  }

  @Test
  void tellsWhatATransactionIsAbout() {
    listen();
    TableId table = new TableId(NftFamily.INET, "monitored");
    nft.commit(new NftBatch().addTable(NftTable.of(table)));
    await(new KernelNotice.OfRuleset(Origin.OWN, new NftSubject(table, Optional.empty())));
    try (NftNetlink stranger = namespace.nft()) {
      stranger.commit(
          new NftBatch()
              .addChain(NftChain.regular(table.chain("watched")))
              .appendRule(NftRule.of(table.chain("watched"))));
    }
    await(
        new KernelNotice.OfRuleset(Origin.FOREIGN, new NftSubject(table, Optional.of("watched"))));
  }

  @Test
  void tellsOfSettings() throws Exception {
    listen();
    namespace
        .namespace()
        .run(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/conf/lo/rp_filter"), "2"));
    int loopback = 1;
    await(new KernelNotice.OfSetting(Origin.KERNEL, loopback));
    namespace
        .namespace()
        .run(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
    int all = -1;
    await(new KernelNotice.OfSetting(Origin.KERNEL, all));
  }

  @Test
  void asksForAResyncWhenNewsWereLost() {
    CountDownLatch flooded = new CountDownLatch(1);
    int loopback = 1;
    own.changeLink(loopback, new LinkChange.Up());
    listen(
        EnumSet.of(MonitorTopic.ROUTES),
        SocketLimits.NOTIFICATIONS.withReceiveBufferBytes(4096),
        notice -> {
          notices.add(notice);
          awaitQuietly(flooded);
        });
    for (int i = 0; i < 2_000; i++) {
      own.addRoute(
          Route.to(Cidr.ofAddress(new Ipv4Address(0x0b000000 + i)), NextHop.device(loopback))
              .in(new RoutingTable(4711)));
    }
    flooded.countDown();
    await(new KernelNotice.Resync(NetlinkProtocol.ROUTE, "notifications were dropped"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
