package io.egressgateway.node.fence;

import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.nft.SetEntry;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.Link;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fence as nf_tables sets. A gated address may be sent from only if it is in the set of open
 * ones and the set {@code lease} is not empty; its elements expire by themselves. Renewing replaces
 * those alone, so it costs the same for one address and for a thousand. An address that is also in
 * the set of held ones needs no lease.
 *
 * <p>Time-outs are relative: the kernel has no other that follows neither the wall clock nor this
 * process. Nine tenths of what is left of the lease leave room for timers that run at another rate
 * and for the way into the kernel.
 */
public final class NftFence implements Fence {
  private static final Logger LOG = LoggerFactory.getLogger(NftFence.class);
  private static final long SLOW_NANOS = Duration.ofMillis(5).toNanos();
  private static final int ATTEMPTS_MAX = 3;

  /** Longer than a write takes, and shorter than what the margin leaves of a lease. */
  private static final Duration TICKET_MAX = Duration.ofMillis(50);

  private static final int TICKET_SHARE = 10;
  private static final String TICKET = FenceTable.ticket().toString();
  private static final long MARGIN_NUMERATOR = 9;
  private static final long MARGIN_DENOMINATOR = 10;

  /** As many as there are numbers of egress IPs. A node that saw more must be restarted. */
  private static final int GATED_MAX = 65_536;

  private final NftNetlink nft;
  private final AddressLives lives;
  private final LongSupplier clock;
  private final FenceAbilities abilities;
  private final FenceTables tables;
  private final FenceCheck check;
  private final AtomicLong restored = new AtomicLong();

  private FenceState state;

  /** Whether the kernel's sets are known to be those of {@link #state}. */
  private boolean certain;

  private long version = Long.MIN_VALUE;
  private long deadlineNanos;

  private NftFence(
      NftNetlink nft, AddressLives lives, LongSupplier clock, FenceAbilities abilities) {
    this.nft = nft;
    this.lives = lives;
    this.clock = clock;
    this.abilities = abilities;
    this.tables = new FenceTables(abilities);
    this.check = new FenceCheck(nft, tables, clock);
    this.deadlineNanos = clock.getAsLong();
    this.state = FenceState.EMPTY;
  }

  /**
   * Puts the fence up in the calling thread's network namespace, with all gates closed: those of
   * addresses that are on a link, and those that an earlier process left.
   *
   * @param clock that deadlines are of, in nanoseconds
   * @throws KernelFault if the kernel refuses, or if another living process has a fence here
   */
  public static NftFence open(LongSupplier clock) throws KernelFault {
    return open(clock, FenceProbe::run);
  }

  /** On a kernel that has no more than these. */
  static NftFence open(LongSupplier clock, FenceAbilities abilities) throws KernelFault {
    return open(clock, (nft, routing) -> abilities);
  }

  private static NftFence open(
      LongSupplier clock, BiFunction<NftNetlink, RouteNetlink, FenceAbilities> probe)
      throws KernelFault {
    NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS);
    RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS);
    try {
      FenceAbilities abilities = probe.apply(nft, routing);
      AddressLives lives = new AddressLives(routing, abilities.addressMark(), clock);
      NftFence fence = new NftFence(nft, lives, clock, abilities);
      fence.adopt(routing);
      return fence;
    } catch (NetlinkException | MalformedNetlinkMessage | KernelFault failed) {
      nft.close();
      routing.close();
      throw failed instanceof KernelFault fault ? fault : fault("put up", failed);
    }
  }

  /**
   * Takes away what dead processes left of the fence, gates and all.
   *
   * @throws KernelFault if a living process has it
   */
  public static void remove() throws KernelFault {
    try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
      List<TableEntry> existing = nft.tables();
      throwIfOwnedByAnother(existing, nft.portId());
      nft.commit(new FenceTables(new FenceAbilities(new TreeSet<>())).remove(existing));
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      throw fault("remove", failed);
    }
  }

  /** What the kernel has for a fence; tried in the calling thread's network namespace. */
  public static FenceAbilities probe() {
    try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS);
        RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      return FenceProbe.run(nft, routing);
    }
  }

  /**
   * Makes sure that no living process has a fence here.
   *
   * @throws KernelFault naming the one that has
   */
  public static void requireNoOwner() throws KernelFault {
    try (NftNetlink nft = NftNetlink.open(SocketLimits.REQUESTS)) {
      throwIfOwnedByAnother(nft.tables(), nft.portId());
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      throw fault("remove", failed);
    }
  }

  private void adopt(RouteNetlink routing) throws KernelFault {
    List<TableEntry> existing = nft.tables();
    throwIfOwnedByAnother(existing, nft.portId());
    SortedSet<IpAddress> gated = new TreeSet<>();
    for (FenceTable table : FenceTable.values()) {
      if (existing.stream().anyMatch(entry -> entry.table().id().equals(table.id()))) {
        gated.addAll(leftGated(table));
      }
    }
    for (IpFamily family : IpFamily.values()) {
      routing.addresses(family).stream().filter(lives::isOurs).map(Address::ip).forEach(gated::add);
    }
    state = state.withGated(gated);
    commit(tables.build(existing, state));
    certain = true;
    LOG.info(
        "fence is up mechanisms={} gatesClosed={} adopted={}",
        abilities.present(),
        gated.size(),
        existing.stream().anyMatch(entry -> entry.table().id().name().equals(FenceTable.NAME)));
    abilities.shortcomings().forEach(shortcoming -> LOG.warn("fence: {}", shortcoming));
  }

  private SortedSet<IpAddress> leftGated(FenceTable table) {
    SortedSet<IpAddress> gated = new TreeSet<>();
    List<String> sets = nft.sets(table.id()).stream().map(NftFence::name).toList();
    for (IpFamily family : table.families()) {
      if (sets.contains(table.gated(family).name())) {
        nft.elements(table.gated(family)).stream()
            .map(element -> IpAddress.fromBytes(element.key().toArray()))
            .forEach(gated::add);
      }
    }
    return gated;
  }

  private static String name(SetEntry entry) {
    return entry.set().id().name();
  }

  private static void throwIfOwnedByAnother(List<TableEntry> existing, int ownPort)
      throws KernelFault {
    for (TableEntry entry : existing) {
      boolean ours = entry.table().id().name().equals(FenceTable.NAME);
      if (ours && entry.owner().isPresent() && entry.owner().getAsInt() != ownPort) {
        throw new KernelFault(
            "adopt",
            "table " + entry.table().id(),
            "it belongs to "
                + TableOwner.describe(entry.owner().getAsInt())
                + ": another agent runs on this node; end one of them");
      }
    }
  }

  @Override
  public FenceAbilities abilities() {
    return abilities;
  }

  @Override
  public void gate(Places places) throws KernelFault {
    SortedSet<String> devices =
        abilities.has(FenceMechanism.EGRESS_HOOK) ? places.devices() : new TreeSet<>();
    FenceState next = state.withPlaced(places.links()).withDevices(devices);
    if (next.gated().size() > GATED_MAX) {
      throw new KernelFault(
          "gate",
          next.gated().size() + " addresses",
          "the fence takes " + GATED_MAX + "; restart the node to forget those of the past");
    }
    try {
      boolean built = !certain || !next.devices().equals(state.devices());
      if (built) {
        build(next);
      } else if (!next.equals(state)) {
        built = restoring(tables.gate(state, next), next);
      }
      if (built) {
        writeInTime(new Gates(version, state.open(), state.held(), deadlineNanos));
      }
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      certain = false;
      throw fault("gate", failed);
    }
  }

  @Override
  public Outcome write(Gates gates) throws KernelFault {
    if (gates.version() < version) {
      return Outcome.STALE;
    }
    try {
      restoreIfDamaged();
      return writeInTime(gates);
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      certain = false;
      throw fault("write gates", failed);
    }
  }

  /**
   * R12: the kernel takes the time-out only while the ticket runs that was written before it was
   * computed; a process that was stopped in between computes again. What took long to be
   * acknowledged is looked at again, too, and must have arrived in time.
   */
  private Outcome writeInTime(Gates gates) {
    boolean same = areSame(gates.open(), state.open()) && areSame(gates.held(), state.held());
    FenceState next = same ? state : state.withOpen(gates.open(), gates.held());
    for (int attempt = 1; ; attempt++) {
      Duration ticket = ticket(gates.deadlineNanos());
      if (ticket.isZero()) {
        return closeAll(gates);
      }
      issue(ticket);
      long computed = clock.getAsLong();
      Duration lease = timeout(gates.deadlineNanos() - computed);
      if (lease.isZero()) {
        return closeAll(gates);
      }
      if (!renew(next, lease)) {
        LOG.warn("gates were written too late, or in vain attempt={}", attempt);
        if (attempt == ATTEMPTS_MAX) {
          return closeAll(gates);
        }
        continue;
      }
      version = gates.version();
      deadlineNanos = gates.deadlineNanos();
      long acknowledged = clock.getAsLong();
      boolean inTime = acknowledged + lease.toNanos() - gates.deadlineNanos() <= 0;
      if (acknowledged - computed <= SLOW_NANOS || (attempt == ATTEMPTS_MAX && inTime)) {
        lives.extend(state.gated(), state.held(), gates.deadlineNanos());
        return Outcome.WRITTEN;
      }
      LOG.debug(
          "gates written slowly tookMicros={} inTime={}", (acknowledged - computed) / 1000, inTime);
      if (attempt == ATTEMPTS_MAX) {
        return closeAll(gates);
      }
    }
  }

  /** Both are sorted: a thousand comparisons, where a set would search ten times as often. */
  private static boolean areSame(SortedSet<IpAddress> one, SortedSet<IpAddress> other) {
    return one.size() == other.size() && List.copyOf(one).equals(List.copyOf(other));
  }

  private Outcome closeAll(Gates gates) {
    close(state.withOpen(gates.held(), gates.held()));
    version = gates.version();
    deadlineNanos = clock.getAsLong();
    lives.extend(state.gated(), state.held(), deadlineNanos);
    return gates.isLeaseBound() ? Outcome.CLOSED_LATE : Outcome.WRITTEN;
  }

  private void close(FenceState next) {
    if (certain) {
      restoring(tables.close(state, next), next);
    } else {
      build(next);
    }
  }

  private Duration ticket(long deadline) {
    Duration share = Duration.ofNanos(Math.max(0, deadline - clock.getAsLong()) / TICKET_SHARE);
    return Duration.ofMillis(Math.min(share.toMillis(), TICKET_MAX.toMillis()));
  }

  private void issue(Duration ticket) {
    if (!certain) {
      build(state);
    }
    if (restoring(tables.ticket(ticket), state)) {
      commit(tables.ticket(ticket));
    }
  }

  /** Whether the ticket was there still, and all else that the renewal needs. */
  private boolean renew(FenceState next, Duration lease) {
    try {
      commit(tables.renew(state, next, lease));
      state = next;
    } catch (NetlinkException refused) {
      if (refused.errno() != Errno.ENOENT || !refused.operation().endsWith(TICKET)) {
        restore(refused, next);
      }
      return false;
    }
    return true;
  }

  /** Whether everything had to be put up anew; then no lease is in the kernel. */
  private boolean restoring(NftBatch change, FenceState next) {
    try {
      commit(change);
      state = next;
      return false;
    } catch (NetlinkException refused) {
      restore(refused, next);
      return true;
    }
  }

  /** If what the change was about has vanished, everything is put up anew instead. */
  private void restore(NetlinkException refused, FenceState next) {
    if (refused.errno() != Errno.ENOENT) {
      throw refused;
    }
    noteDamage(String.valueOf(refused.getMessage()));
    build(next);
  }

  private void restoreIfDamaged() {
    Optional<String> damage = certain ? check.damage(state) : Optional.empty();
    if (damage.isPresent()) {
      noteDamage(damage.get());
      build(state);
    }
  }

  private void noteDamage(String what) {
    certain = false;
    restored.incrementAndGet();
    LOG.error("fence was damaged and is put up anew what=\"{}\" times={}", what, restored.get());
  }

  /** Puts everything up but the lease: that comes with a ticket, as at every renewal (R12). */
  private void build(FenceState wanted) {
    FenceState next = onPresentLinks(wanted);
    try {
      commit(tables.build(nft.tables(), next));
      state = next;
    } catch (NetlinkException refused) {
      if (next.devices().isEmpty()) {
        throw refused;
      }
      // A device may be gone; that must not keep the other tables away.
      LOG.error("no fence at the links themselves reason=\"{}\"", refused.getMessage());
      FenceState withoutDevices = next.withDevices(new TreeSet<>());
      commit(tables.build(nft.tables(), withoutDevices));
      state = withoutDevices;
    }
    certain = true;
  }

  /**
   * The tables are put up seldom, and first when there is an address: then there is a tunnel. A
   * link that is gone takes nothing from the others.
   */
  private static FenceState onPresentLinks(FenceState wanted) {
    List<Link> links;
    try (RouteNetlink routing = RouteNetlink.open(SocketLimits.REQUESTS)) {
      links = routing.links();
    }
    Optional<String> tunnel =
        links.stream()
            .filter(link -> link.alias().equals(Optional.of(Marks.LINK_ALIAS)))
            .map(link -> link.name().value())
            .findFirst();
    SortedSet<String> devices = new TreeSet<>(wanted.devices());
    devices.retainAll(links.stream().map(link -> link.name().value()).toList());
    if (!devices.equals(wanted.devices())) {
      LOG.warn("no fence at links that are gone wanted={} there={}", wanted.devices(), devices);
    }
    return wanted.withTunnel(tunnel.or(wanted::tunnel)).withDevices(devices);
  }

  private void commit(NftBatch batch) {
    nft.commit(batch);
    check.committed();
  }

  /** Whole milliseconds; zero if there is nothing left. */
  private static Duration timeout(long remainingNanos) {
    long nanos = Math.max(0, remainingNanos) / MARGIN_DENOMINATOR * MARGIN_NUMERATOR;
    return Duration.ofMillis(Duration.ofNanos(nanos).toMillis());
  }

  @Override
  public long restored() {
    return restored.get();
  }

  @Override
  public Set<Integer> portIds() {
    return Set.of(nft.portId(), lives.portId());
  }

  @Override
  public void close() {
    try {
      close(state.lapsed());
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      LOG.warn("gates not closed, they close with the lease reason=\"{}\"", failed.getMessage());
    } finally {
      lives.close();
      nft.close();
    }
  }

  private static KernelFault fault(String operation, Exception failure) {
    return new KernelFault(operation, "fence", String.valueOf(failure.getMessage()));
  }
}
