package io.egressgateway.node.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.fence.Fence.Outcome;
import io.egressgateway.node.fence.Tap.Kind;
import io.egressgateway.node.netlink.socket.RawClock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The fence on a kernel whose tables have no owners, whose devices have no egress hook, and whose
 * addresses forget who made them.
 */
final class UnownedFenceIT {
  private static final SortedSet<IpAddress> BOTH = FenceLab.set(FenceLab.EIP, FenceLab.EIP6);
  private static final FenceAbilities OLD_KERNEL =
      new FenceAbilities(
          new TreeSet<>(
              EnumSet.of(FenceMechanism.TIMEOUT_MILLIS, FenceMechanism.ADDRESS_LIFETIME)));
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration SLACK = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ADDRESS_SECONDS = 60;

  private FenceLab lab;
  private Tap tap;
  private NftFence fence;
  private long version;

  @BeforeEach
  void start() throws Exception {
    lab = new FenceLab();
    tap = new Tap(lab);
    fence = lab.lease(() -> NftFence.open(RawClock::nanos, OLD_KERNEL));
    lab.lease(
        () -> {
          fence.gate(Places.on(FenceLab.UPLINK, BOTH));
          return fence;
        });
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

  private long open() throws Exception {
    long deadline = RawClock.nanos() + LEASE.toNanos();
    Gates gates = new Gates(++version, BOTH, deadline);
    assertThat(lab.lease(() -> fence.write(gates))).isEqualTo(Outcome.WRITTEN);
    return deadline;
  }

  @Test
  void whatOthersTookAwayIsPutUpAnewAtTheNextRenewal() throws Exception {
    String[] damages = {
      "nft flush ruleset",
      "nft delete table arp egressgateway_fence",
      "nft flush chain inet egressgateway_fence output",
      "nft add element inet egressgateway_fence open_v4 '{ 10.9.0.202 }'",
      "nft flush set inet egressgateway_fence gated_v6"
    };
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(2))) {
      open();
      open();
      assertThat(fence.restored()).isZero();
      for (int done = 0; done < damages.length; done++) {
        FenceLab.in(lab.node(), damages[done]);
        open();
        assertThat(fence.restored()).as(damages[done]).isEqualTo(done + 1);
      }
      long deadline = open();
      assertThat(fence.restored()).isEqualTo(damages.length);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> tap.since(deadline + SLACK.toNanos()).isEmpty() && isPast(deadline));
      assertThat(tap.of(Kind.ARP_REPLY)).isNotEmpty();
      assertThat(tap.of(Kind.ADVERTISEMENT)).isNotEmpty();
      assertThat(asking.rounds()).isPositive();
    }
  }

  private static boolean isPast(long deadline) {
    return RawClock.nanos() - deadline > LEASE.toNanos();
  }

  @Test
  void foreignTransactionsThatConcernUsNotAreNoDamage() throws Exception {
    open();
    FenceLab.in(lab.node(), "nft add table inet other; nft add chain inet other c");
    open();
    FenceLab.in(lab.node(), "nft delete table inet other");
    open();
    assertThat(fence.restored()).isZero();
  }

  @Test
  void anEgressIpThatForgotWhoMadeItLivesOnAndIsGatedByTheNextFence() throws Exception {
    FenceLab.in(
        lab.node(),
        """
        ip addr del %1$s/32 dev eth0
        ip addr add %1$s/32 dev eth0 noprefixroute valid_lft %2$d preferred_lft 0
        """
            .formatted(FenceLab.EIP, ADDRESS_SECONDS));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              open();
              return FenceLab.in(lab.node(), "ip -4 addr show dev eth0")
                      .split("valid_lft [1-3]sec")
                      .length
                  == 2;
            });
    lab.lease(
        () -> {
          fence.close();
          FenceLab.in(lab.node(), "nft flush ruleset");
          fence = NftFence.open(RawClock::nanos, OLD_KERNEL);
          return fence;
        });
    assertThat(FenceLab.in(lab.node(), "nft list set arp egressgateway_fence gated_v4"))
        .contains(FenceLab.EIP.toString());
  }

  @Test
  void theAddressesGoThemselvesIfTheFenceIsGoneAndNobodyRenews() throws Exception {
    try (Provocation asking = Provocation.in(lab).asking().start(Duration.ofMillis(4))) {
      AtomicLong renewed = new AtomicLong();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                // Renewed each time: on a busy machine the addresses could be gone before a look.
                renewed.set(open());
                return FenceLab.in(lab.node(), "ip addr show dev eth0")
                        .split("valid_lft [1-3]sec")
                        .length
                    == 3;
              });
      long deadline = renewed.get();
      FenceLab.in(lab.node(), "nft flush ruleset");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !FenceLab.in(lab.node(), "ip addr show dev eth0").contains("201/"));
      for (Kind kind : new Kind[] {Kind.ARP_REPLY, Kind.ADVERTISEMENT}) {
        Duration last = tap.last(kind, deadline);
        System.out.printf(
            "no fence, nobody renews: last %s %d ms after the deadline%n", kind, last.toMillis());
        // For one second at least, and the kernel may take a quarter of one longer.
        assertThat(last).isBetween(Duration.ofMillis(-500), Duration.ofSeconds(1));
      }
      assertThat(asking.rounds()).isPositive();
    }
  }
}
