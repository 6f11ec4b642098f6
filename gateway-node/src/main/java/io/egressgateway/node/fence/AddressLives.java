package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.AddressMark;
import io.egressgateway.node.netlink.RefusedAddress;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second barrier: the kernel removes the egress IPs from their link before the lease ends,
 * unless their life is extended. It stands behind the fence if somebody takes that away while this
 * process cannot see it. The kernel counts in seconds, so they go up to a second before the lease;
 * up to a second after it only if that is shorter than a second and a quarter, or if they are
 * hundreds.
 *
 * <p>It has a thread of its own: the kernel may make it wait for changes of other programs' links
 * and addresses (the RTNL lock), and renewals must not wait with it.
 */
final class AddressLives implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AddressLives.class);
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  /** The kernel looks only that often what has to go: ADDRCONF_TIMER_FUZZ. */
  private static final long KERNEL_LATE_NANOS = Duration.ofMillis(250).toNanos();

  /** Between two renewals, and some more. */
  private static final long NEXT_TIME_NANOS = Duration.ofMillis(600).toNanos();

  /** Whoever has many is busy when they move, and they are not put back at once. */
  private static final long NEXT_TIME_PER_ADDRESS_NANOS = Duration.ofMillis(1).toNanos();

  /** Extending takes the kernel a tenth of its time at most, however many addresses there are. */
  private static final int REST_FACTOR = 10;

  /** In one piece: more refusals than this could overrun the socket's buffer. */
  private static final int REQUESTS_MAX = 1_000;

  private final RouteNetlink routing;
  private final AddressMark mark;
  private final LongSupplier clock;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("address-lives").daemon(true).factory());
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile Pace pace = new Pace(0, 0);

  /** When the last extension began, and how long the next one waits after that. */
  private record Pace(long beganNanos, long restNanos) {}

  /**
   * @param routing for this alone, opened in the node's network namespace
   * @param mark by which egress IPs are known
   * @param clock in nanoseconds
   */
  AddressLives(RouteNetlink routing, AddressMark mark, LongSupplier clock) {
    this.routing = routing;
    this.mark = mark;
    this.clock = clock;
  }

  int portId() {
    return routing.portId();
  }

  /**
   * Lets those of these addresses live on that are there; not while the last time still runs, or
   * for ten times as long as it ran. After the deadline only those that are held do. Returns at
   * once.
   *
   * @param held of them those that live on without a lease
   */
  void extend(SortedSet<IpAddress> addresses, SortedSet<IpAddress> held, long deadlineNanos) {
    long now = clock.getAsLong();
    boolean nothingLives = deadlineNanos - now <= 0 && held.isEmpty();
    Pace last = pace;
    if (nothingLives || now - last.beganNanos() < last.restNanos()) {
      return;
    }
    if (busy.compareAndSet(false, true)) {
      thread.execute(() -> run(addresses, held, deadlineNanos));
    }
  }

  private void run(SortedSet<IpAddress> addresses, SortedSet<IpAddress> held, long deadlineNanos) {
    long began = clock.getAsLong();
    try {
      List<Address> found = find(addresses);
      for (int at = 0; at < found.size(); at += REQUESTS_MAX) {
        extend(found.subList(at, Math.min(found.size(), at + REQUESTS_MAX)), held, deadlineNanos);
      }
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      LOG.warn("lifetimes of egress IPs not extended reason=\"{}\"", failed.getMessage());
    } finally {
      pace = new Pace(began, REST_FACTOR * (clock.getAsLong() - began));
      busy.set(false);
    }
  }

  private List<Address> find(SortedSet<IpAddress> addresses) {
    List<Address> found = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      for (Address address : routing.addresses(family)) {
        if (isOurs(address) && addresses.contains(address.ip())) {
          found.add(address);
        }
      }
    }
    return found;
  }

  private void extend(List<Address> addresses, SortedSet<IpAddress> held, long deadlineNanos) {
    long remaining = deadlineNanos - clock.getAsLong();
    long seconds = seconds(remaining, pace.restNanos(), addresses.size());
    List<Address> extended = new ArrayList<>();
    for (Address address : addresses) {
      if (held.contains(address.ip())) {
        extended.add(written(address).withLifetime(AddressLifetime.foreverNotPreferred()));
      } else if (remaining > 0) {
        extended.add(written(address).withLifetime(AddressLifetime.secondsNotPreferred(seconds)));
      }
    }
    if (extended.isEmpty()) {
      return;
    }
    List<RefusedAddress> refused = routing.extendAddresses(extended);
    if (!refused.isEmpty()) {
      LOG.warn(
          "lifetimes of egress IPs not extended refused={} of={} first=\"{}\"",
          refused.size(),
          extended.size(),
          refused.get(0).reason().getMessage());
    }
  }

  /**
   * How long the kernel is told to keep them: not longer than the lease, but at least until they
   * are extended again.
   */
  static long seconds(long remainingNanos, long restNanos, int addresses) {
    long withinLease = Math.floorDiv(remainingNanos - KERNEL_LATE_NANOS, NANOS_PER_SECOND);
    long nextTime = restNanos + NEXT_TIME_NANOS + addresses * NEXT_TIME_PER_ADDRESS_NANOS;
    return Math.max(withinLease, Math.ceilDiv(nextTime, NANOS_PER_SECOND));
  }

  /** Whether it is an egress IP of ours, as the kernel writer puts it on a link. */
  boolean isOurs(Address address) {
    return mark.isEgressIp(address)
        && address.flags().contains(AddressFlag.NOPREFIXROUTE)
        && address.prefixLength() == address.ip().family().bits();
  }

  /** Without the flags that only the kernel sets. */
  private static Address written(Address read) {
    SortedSet<AddressFlag> flags = new TreeSet<>(read.flags());
    flags.removeAll(List.of(AddressFlag.SECONDARY, AddressFlag.TENTATIVE, AddressFlag.DADFAILED));
    return new Address(
        read.link(),
        read.ip(),
        read.prefixLength(),
        read.scope(),
        flags,
        read.lifetime(),
        read.protocol());
  }

  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
    routing.close();
  }
}
