package io.egressgateway.node.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.fence.Fence.Outcome;
import io.egressgateway.node.fence.Tap.Kind;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real frames through a real kernel: what leaves a node before, while and after it has a lease. */
final class NftFenceIT {
  private static final SortedSet<IpAddress> BOTH = FenceLab.set(FenceLab.EIP, FenceLab.EIP6);
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration LONG_LEASE = Duration.ofSeconds(30);

  /** Of the tap, which runs on a machine that does other things too. */
  private static final Duration SLACK = Duration.ofMillis(50);

  private static final Duration CALM = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ADDRESS_SECONDS = 60;

  private FenceLab lab;
  private Tap tap;
  private NftFence fence;
  private long version;

  @BeforeEach
  void start() throws Exception {
    lab = new FenceLab();
    lab.translate();
    tap = new Tap(lab);
    fence = lab.lease(() -> NftFence.open(RawClock::nanos));
    gate(fence, BOTH);
    lab.hold(BOTH, ADDRESS_SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    tap.close();
    lab.lease(
        () -> {
          fence.close();
          return fence;
        });
    lab.close();
  }

  private void gate(Fence owner, SortedSet<IpAddress> addresses) throws Exception {
    lab.lease(
        () -> {
          owner.gate(Places.on(FenceLab.UPLINK, addresses));
          return owner;
        });
  }

  /** Opens the gates for a while; returns the deadline. */
  private long open(SortedSet<IpAddress> addresses, Duration lease) throws Exception {
    long deadline = RawClock.nanos() + lease.toNanos();
    Gates gates = new Gates(++version, addresses, deadline);
    assertThat(lab.lease(() -> fence.write(gates))).isEqualTo(Outcome.WRITTEN);
    return deadline;
  }

  private static void passes(Duration time) {
    long end = RawClock.nanos() + time.toNanos();
    while (end - RawClock.nanos() > 0) {
      LockSupport.parkNanos(end - RawClock.nanos());
    }
  }

  private void awaitSeen(Kind... kinds) {
    for (Kind kind : kinds) {
      Awaitility.await(kind.toString())
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> !tap.of(kind).isEmpty());
    }
  }

  @Test
  void arpAndNeighbourDiscoveryAreAnsweredOnlyWhileThereIsALease() throws Exception {
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(2))) {
      passes(CALM);
      assertThat(asking.rounds()).isPositive();
      assertThat(tap.all()).as("with a closed gate").isEmpty();
      List<Long> lateness = new ArrayList<>();
      for (int run = 0; run < 5; run++) {
        // Those of the run before have gone with its lease.
        lab.hold(BOTH, ADDRESS_SECONDS);
        tap.clear();
        long deadline = open(BOTH, LEASE);
        awaitSeen(Kind.ARP_REPLY, Kind.ADVERTISEMENT);
        passes(LEASE.plus(CALM));
        for (Kind kind : List.of(Kind.ARP_REPLY, Kind.ADVERTISEMENT)) {
          Duration last = tap.last(kind, deadline);
          lateness.add(last.toMillis());
          assertThat(last).isLessThanOrEqualTo(SLACK).isGreaterThan(LEASE.negated());
        }
      }
      System.out.printf(
          "lease %d ms: last answers relative to the deadline, ms: %s%n",
          LEASE.toMillis(), lateness);
    }
  }

  @Test
  void everyKindOfPacketStopsWithTheLease() throws Exception {
    FenceLab.in(lab.node(), "sysctl -qw net.ipv4.icmp_ratelimit=0");
    try (Provocation all =
        Provocation.in(lab).asking().flowing().straying().start(Duration.ofMillis(4))) {
      passes(CALM);
      assertThat(all.rounds()).isPositive();
      assertThat(tap.all()).as("with a closed gate").isEmpty();
      Kind[] kinds = {Kind.ARP_REPLY, Kind.UDP4, Kind.ICMP4, Kind.UDP6, Kind.ADVERTISEMENT};
      long deadline = open(BOTH, LEASE.multipliedBy(2));
      awaitSeen(kinds);
      passes(LEASE.multipliedBy(2).plus(CALM));
      for (Kind kind : kinds) {
        System.out.printf("last %s %d ms%n", kind, tap.last(kind, deadline).toMillis());
      }
      assertThat(tap.since(deadline + SLACK.toNanos())).isEmpty();
    }
  }

  @Test
  void whatIsHeldStaysOpenAfterTheLeaseUntilItIsWrittenAway() throws Exception {
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(2))) {
      SortedSet<IpAddress> held = FenceLab.set(FenceLab.EIP);
      Gates gates = new Gates(++version, BOTH, held, RawClock.nanos() + LEASE.toNanos());
      assertThat(lab.lease(() -> fence.write(gates))).isEqualTo(Outcome.WRITTEN);
      awaitSeen(Kind.ARP_REPLY, Kind.ADVERTISEMENT);
      passes(LEASE.plus(CALM));
      tap.clear();
      passes(CALM);
      assertThat(tap.of(Kind.ADVERTISEMENT)).as("needs a lease").isEmpty();
      awaitSeen(Kind.ARP_REPLY);
      Gates lapsed = new Gates(++version, held, held, RawClock.nanos());
      assertThat(lab.lease(() -> fence.write(lapsed))).isEqualTo(Outcome.WRITTEN);
      tap.clear();
      awaitSeen(Kind.ARP_REPLY);
      Gates closed = new Gates(++version, new TreeSet<>(), RawClock.nanos());
      lab.lease(() -> fence.write(closed));
      passes(SLACK);
      tap.clear();
      passes(CALM);
      assertThat(tap.all()).as("released").isEmpty();
      assertThat(asking.rounds()).isPositive();
    }
  }

  @Test
  void oneGateClosesWhileTheOtherStaysOpen() throws Exception {
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(2))) {
      open(BOTH, LONG_LEASE);
      awaitSeen(Kind.ARP_REPLY, Kind.ADVERTISEMENT);
      open(FenceLab.set(FenceLab.EIP6), LONG_LEASE);
      passes(SLACK);
      tap.clear();
      awaitSeen(Kind.ADVERTISEMENT);
      passes(CALM);
      assertThat(tap.of(Kind.ARP_REPLY)).isEmpty();
      assertThat(asking.rounds()).isPositive();
    }
  }

  @Test
  void announcementsOfThisProcessAndOfTheKernelPassOnlyAnOpenGate() throws Exception {
    FenceLab.in(lab.node(), "sysctl -qw net.ipv4.conf.eth0.arp_notify=1");
    announce();
    FenceLab.in(lab.node(), "ip link set eth0 down; ip link set eth0 up");
    passes(CALM);
    assertThat(tap.all()).as("with a closed gate").isEmpty();
    lab.hold(BOTH, ADDRESS_SECONDS);
    open(BOTH, LONG_LEASE);
    announce();
    awaitSeen(Kind.ARP_REQUEST, Kind.ARP_REPLY, Kind.ADVERTISEMENT);
    tap.clear();
    FenceLab.in(lab.node(), "ip link set eth0 down; ip link set eth0 up");
    awaitSeen(Kind.ARP_REQUEST);
  }

  private void announce() {
    Ipv4Address ipv4 = (Ipv4Address) FenceLab.EIP;
    Ipv6Address ipv6 = (Ipv6Address) FenceLab.EIP6;
    lab.node()
        .run(
            () -> {
              Link uplink;
              try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
                uplink = routing.link(LinkName.of(FenceLab.UPLINK)).orElseThrow();
              }
              MacAddress mac = uplink.mac().orElseThrow();
              try (PacketSocket socket =
                  PacketSocket.open(uplink.index(), EtherType.ARP, SocketLimits.REQUESTS)) {
                send(socket, ArpFrame.gratuitousRequest(mac, ipv4).encode());
                send(socket, ArpFrame.gratuitousReply(mac, ipv4).encode());
                send(socket, NeighbourAdvertisement.unsolicited(mac, ipv6).encode());
              }
              return uplink;
            });
  }

  /** The egress hook tells the sender that a frame was dropped; that is no fault here. */
  private static void send(PacketSocket socket, Bytes frame) {
    try {
      socket.send(frame);
    } catch (NetlinkException dropped) {
      assertThat(dropped.errno()).isEqualTo(Errno.ENOBUFS);
    }
  }

  @Test
  void renewingAllTheTimeLosesNoAnswer() throws Exception {
    open(BOTH, LEASE);
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(3))) {
      for (int renewal = 0; renewal < 100; renewal++) {
        passes(Duration.ofMillis(50));
        open(BOTH, LEASE);
      }
      long asked = asking.finish();
      Awaitility.await()
          .atMost(Duration.ofMillis(500))
          .until(() -> tap.of(Kind.ARP_REPLY).size() >= asked);
      assertThat(tap.of(Kind.ARP_REPLY)).hasSize((int) asked);
      assertThat(tap.of(Kind.ADVERTISEMENT)).hasSize((int) asked);
      System.out.printf("100 renewals, %d of %d asked were answered%n", asked, asked);
    }
  }

  @Test
  void othersCannotTakeTheFenceAway() throws Exception {
    open(BOTH, LEASE);
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(2))) {
      FenceLab.in(lab.node(), "nft flush ruleset");
      for (String command :
          List.of(
              "nft delete table inet egressgateway_fence",
              "nft delete table arp egressgateway_fence",
              "nft flush chain inet egressgateway_fence postrouting",
              "nft add element arp egressgateway_fence lease '{ arp timeout 1h }'")) {
        FenceLab.Result result = FenceLab.attempt(lab.node(), command);
        assertThat(result.code()).as("%s: %s", command, result.output()).isNotZero();
      }
      long deadline = open(BOTH, LEASE);
      awaitSeen(Kind.ARP_REPLY, Kind.ADVERTISEMENT);
      passes(LEASE.plus(CALM));
      assertThat(tap.since(deadline + SLACK.toNanos())).isEmpty();
      assertThat(asking.rounds()).isPositive();
      assertThat(fence.restored()).isZero();
    }
  }

  @Test
  void aSecondOwnerIsToldWhoTheFirstOneIs() {
    assertThatThrownBy(() -> lab.node().run(() -> NftFence.open(RawClock::nanos)))
        .rootCause()
        .isInstanceOf(KernelFault.class)
        .hasMessageContaining("process " + ProcessHandle.current().pid())
        .hasMessageContaining("end one of them");
  }

  @Test
  void whatComesTooLateClosesAndWhatIsOldIsDropped() throws Exception {
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(2))) {
      open(BOTH, LONG_LEASE);
      awaitSeen(Kind.ARP_REPLY);
      Gates old = new Gates(version - 1, new TreeSet<>(), RawClock.nanos() + LEASE.toNanos());
      assertThat(lab.lease(() -> fence.write(old))).isEqualTo(Outcome.STALE);
      tap.clear();
      awaitSeen(Kind.ARP_REPLY, Kind.ADVERTISEMENT);
      Gates late = new Gates(++version, BOTH, RawClock.nanos() - 1);
      assertThat(lab.lease(() -> fence.write(late))).isEqualTo(Outcome.CLOSED_LATE);
      passes(SLACK);
      tap.clear();
      passes(CALM);
      assertThat(tap.all()).isEmpty();
      assertThat(asking.rounds()).isPositive();
      open(BOTH, LEASE);
      awaitSeen(Kind.ARP_REPLY, Kind.ADVERTISEMENT);
    }
  }

  @Test
  void addressesOutliveTheLeaseByLittleMoreThanASecond() throws Exception {
    open(BOTH, LEASE);
    // The first life was a minute, so somebody has shortened it.
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> !FenceLab.in(lab.node(), "ip addr show dev eth0").contains("201/"));
  }

  @Test
  void renewingCostsTheSameForAThousandAddresses() throws Exception {
    long one = median(() -> renew(BOTH));
    SortedSet<IpAddress> many = new TreeSet<>();
    IntStream.range(0, 1000)
        .forEach(i -> many.add(IpAddress.of("10.9.%d.%d".formatted(100 + i / 250, i % 250))));
    gate(fence, many);
    lab.hold(many, ADDRESS_SECONDS);
    open(many, LONG_LEASE);
    long thousand = median(() -> renew(many));
    System.out.printf(
        "renewal of 2 gates %d us, of 1000 gates %d us, ratio %.2f%n",
        one / 1000, thousand / 1000, (double) thousand / one);
    assertThat(thousand).isLessThan(Duration.ofMillis(50).toNanos());
  }

  private Long renew(SortedSet<IpAddress> addresses) throws Exception {
    Gates gates = new Gates(++version, addresses, RawClock.nanos() + LONG_LEASE.toNanos());
    return lab.lease(
        () -> {
          long before = RawClock.nanos();
          fence.write(gates);
          return RawClock.nanos() - before;
        });
  }

  private static long median(Callable<Long> measured) throws Exception {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      times.add(measured.call());
    }
    Collections.sort(times);
    return times.get(times.size() / 2);
  }
}
