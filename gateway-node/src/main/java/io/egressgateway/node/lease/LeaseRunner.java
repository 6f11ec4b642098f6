package io.egressgateway.node.lease;

import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.lease.AgentLeaseCore.Effect;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.Gates;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.NodeLease.Enlistment;
import io.egressgateway.node.agent.NodeLease.Holding;
import io.egressgateway.node.agent.Report;
import io.egressgateway.node.fence.Fence;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the lease's state machine decides. Errands are taken one by one; what they do to
 * the gates is written once for all of them, when {@link #settle} is called.
 *
 * <p>For the lease's thread only.
 */
final class LeaseRunner {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRunner.class);

  /** How often a write may lead to another one at once; after that other errands come first. */
  private static final int WRITES_MAX = 4;

  /**
   * For a lost uplink to be found again. A machine that has no time for us has none for the answers
   * of its next hop either; when it finds some, both are there at once.
   */
  static final Duration UPLINK_DOUBT = Duration.ofMillis(100);

  /** Something for the lease to do. */
  sealed interface Errand {

    /** See {@link io.egressgateway.node.agent.NodeLease#enlist}. */
    record Enlist(Enlistment enlistment) implements Errand {}

    /**
     * An event of the state machine.
     *
     * @param sinceNanos when it happened
     */
    record Tell(Event event, long sinceNanos) implements Errand {}

    /** See {@link io.egressgateway.node.agent.NodeLease#expect}. */
    record Expect(Holding next, CompletableFuture<Holding> done) implements Errand {}

    /** See {@link io.egressgateway.node.agent.NodeLease#ready}. */
    record Ready(Holding holding) implements Errand {}

    /** Nobody else on the segment has the address of this grant, or somebody has. */
    record Probed(Event.Granted grant, Optional<MacAddress> rival, long sinceNanos)
        implements Errand {}

    /** The lookout has seen another host claim an address. */
    record Claimed(IpAddress address, MacAddress mac) implements Errand {}

    /** Hand over what is held; done when nothing is. */
    record Leave(CompletableFuture<Standing> done) implements Errand {}
  }

  /**
   * What the runner works with.
   *
   * @param clock of the deadlines, in nanoseconds
   */
  record Tools(LongSupplier clock, Fence fence, WitnessLine.Opener witnesses, Voices voices) {}

  /**
   * To and from the segment.
   *
   * @param herald for announcements
   * @param lookouts for the links that answer and for other hosts' claims
   */
  record Voices(Herald herald, Lookout.Opener lookouts) {}

  /** Where answers and sightings go: back to {@link #take}, by way of the queue. */
  interface Inbox extends WitnessLine.Answers, Lookout.Sightings {
    void probed(Errand.Probed probed);
  }

  private final AgentLeaseCore core;
  private final Tools tools;
  private final Inbox inbox;
  private final Consumer<LeaseNews> news;
  private final Announcements announcements = new Announcements();
  private final GateJournal journal = new GateJournal();
  private final List<Errand.Expect> expecting = new ArrayList<>();
  private final List<Event> grants = new ArrayList<>();
  private final Watchpost watchpost;
  private final PlacedGates placedGates;

  private Optional<Enlistment> enlisted = Optional.empty();
  private Optional<WitnessLine> line = Optional.empty();
  private Optional<Uplink> uplink = Optional.empty();
  private Optional<CompletableFuture<Standing>> leaving = Optional.empty();
  private SortedSet<IpAddress> prepared = new TreeSet<>();
  private Optional<Gates> decided = Optional.empty();
  private Gates written = new Gates(0, new TreeSet<>(), Long.MIN_VALUE);
  private long wakeNanos = Long.MAX_VALUE;
  private long lostNanos = Long.MAX_VALUE;
  private long lookedAwayNanos = Long.MIN_VALUE;

  LeaseRunner(AgentLeaseCore core, Tools tools, Inbox inbox, Consumer<LeaseNews> news) {
    this.core = core;
    this.tools = tools;
    this.inbox = inbox;
    this.placedGates = new PlacedGates(tools.fence());
    this.watchpost = new Watchpost(tools.voices().lookouts(), inbox);
    this.news = news;
  }

  /** When the kernel closes by itself what needs a lease, as far as it has been told. */
  long deadlineNanos() {
    return written.deadlineNanos();
  }

  /** Takes one errand. */
  void take(Errand errand) {
    switch (errand) {
      case Errand.Enlist(Enlistment enlistment) -> enlist(enlistment);
      case Errand.Tell(Event.Granted grant, long since) -> granted(grant, since);
      case Errand.Tell(Event.UplinkLost ignored, long since) -> {
        if (isOfPresentLookout(since)) {
          lostNanos = Math.min(lostNanos, since + UPLINK_DOUBT.toNanos());
        }
      }
      case Errand.Tell(Event.UplinkFound found, long since) -> {
        if (isOfPresentLookout(since)) {
          lostNanos = Long.MAX_VALUE;
          tell(found, since);
        }
      }
      case Errand.Tell(Event event, long since) -> tell(event, since);
      case Errand.Probed probed -> probed(probed);
      case Errand.Claimed(IpAddress address, MacAddress mac) -> conflict(address, mac);
      case Errand.Expect expect -> expect(expect);
      case Errand.Ready(Holding holding) -> ready(holding);
      case Errand.Leave(CompletableFuture<Standing> done) -> {
        leaving = Optional.of(done);
        tell(new Event.Leaving(), now());
      }
    }
  }

  private void enlist(Enlistment enlistment) {
    if (enlisted.equals(Optional.of(enlistment))) {
      return;
    }
    boolean otherWitnesses =
        enlisted.filter(before -> !before.witnesses().equals(enlistment.witnesses())).isPresent();
    if (otherWitnesses) {
      tell(new Event.Dismissed(), now());
    }
    if (line.isEmpty()) {
      line = Optional.of(tools.witnesses().open(enlistment.witnesses(), inbox));
    }
    if (enlisted.isEmpty()) {
      news.accept(new LeaseNews.Enlisted());
    }
    enlisted = Optional.of(enlistment);
    LOG.info("enlisted terms={} witnesses={}", enlistment.terms(), enlistment.witnesses());
    tell(new Event.Enlisted(enlistment.terms(), enlistment.witnesses().size()), now());
    lookOut(prepared);
  }

  private void lookOut(SortedSet<IpAddress> addresses) {
    if (enlisted.isPresent() && uplink.isPresent()) {
      watchpost.man(uplink.get(), addresses, written.open());
    }
  }

  private void lookAway() {
    if (watchpost.isManned()) {
      watchpost.leave();
      lookedAwayNanos = now();
      lostNanos = Long.MAX_VALUE;
      // Whatever was said last, nobody watches any more.
      tell(new Event.UplinkFound(), lookedAwayNanos);
    }
  }

  /** What one that was closed saw is never taken back: the next one says only what changes. */
  private boolean isOfPresentLookout(long sinceNanos) {
    return sinceNanos > lookedAwayNanos;
  }

  private void granted(Event.Granted grant, long since) {
    if (written.open().contains(grant.address()) || watchpost.isClear(grant, since)) {
      grant(grant, since);
    }
  }

  private void probed(Errand.Probed probed) {
    watchpost.asked(probed);
    if (probed.rival().isPresent()) {
      // The grant is said again until the gate is open, and so is the question asked again.
      conflict(probed.grant().address(), probed.rival().get());
    } else {
      grant(probed.grant(), probed.sinceNanos());
    }
  }

  private void conflict(IpAddress address, MacAddress mac) {
    LOG.warn("another host has an egress IP address={} mac={}", address, mac);
    say(new Report.Conflict(address, mac));
  }

  private void expect(Errand.Expect expect) {
    try {
      SortedSet<IpAddress> fresh = new TreeSet<>(expect.next().addresses());
      fresh.removeAll(prepared);
      placedGates.expect(expect.next().places(), fresh);
    } catch (KernelFault refused) {
      expect.done().completeExceptionally(refused);
      return;
    }
    expecting.add(expect);
    SortedSet<IpAddress> kept = new TreeSet<>(prepared);
    kept.retainAll(expect.next().addresses());
    prepare(kept);
  }

  private void ready(Holding holding) {
    if (!uplink.equals(Optional.of(holding.uplink()))) {
      Optional<Uplink> before = uplink;
      uplink = Optional.of(holding.uplink());
      if (before.filter(known -> !known.name().equals(holding.uplink().name())).isPresent()) {
        lookAway();
      }
      placedGates.follow(holding.places());
      SortedSet<IpAddress> moved = NodeAddressSlot.without(written.open());
      moved.removeIf(
          address ->
              before
                  .map(known -> known.portOf(address))
                  .equals(Optional.of(holding.uplink().portOf(address))));
      // Neighbours know them by another MAC address, or on another port.
      announcements.opened(moved, now());
    }
    lookOut(holding.addresses());
    prepare(holding.addresses());
  }

  private void prepare(SortedSet<IpAddress> addresses) {
    if (!addresses.equals(prepared)) {
      prepared = addresses;
      tell(new Event.Prepared(addresses), now());
    }
  }

  /** Grants wait for one another, and for whatever else is told. */
  private void grant(Event.Granted grant, long since) {
    journal.note(grant, since);
    grants.add(grant);
  }

  private void tellGrants() {
    if (!grants.isEmpty()) {
      List<Event> together = List.copyOf(grants);
      grants.clear();
      core.on(together, now()).forEach(this::follow);
    }
  }

  private void tell(Event event, long since) {
    tellGrants();
    journal.note(event, since);
    core.on(event, now()).forEach(this::follow);
    if (event instanceof Event.Dismissed) {
      enlisted = Optional.empty();
      news.accept(new LeaseNews.Dismissed());
      line.ifPresent(WitnessLine::close);
      line = Optional.empty();
      lookAway();
    }
  }

  private void follow(Effect effect) {
    switch (effect) {
      case Effect.Renew(var session, var sequence, var lease) ->
          line.ifPresent(open -> open.renew(session, sequence, lease));
      case Effect.Beat(var session, var standing) -> say(new Report.Beat(session, standing));
      case Effect.WriteGates(Gates gates) -> {
        journal.decide(gates.open());
        decided = Optional.of(gates);
      }
      case Effect.Opened(var address, var epoch, var session) ->
          say(new Report.Opened(address, epoch, session));
      case Effect.Released(var address, var epoch, var session) ->
          say(new Report.Released(address, epoch, session));
      case Effect.SessionChanged(var session, var standing) -> {
        LOG.info("lease session={} standing={}", session, standing);
        news.accept(new LeaseNews.Changed(session, standing));
      }
      case Effect.WakeAt(long nanos) -> wakeNanos = nanos;
    }
  }

  private void say(Report report) {
    news.accept(new LeaseNews.Told(report));
  }

  /** Writes what was decided, announces what is open, and says what is over. */
  void settle() {
    tellGrants();
    if (wakeNanos <= now()) {
      wakeNanos = Long.MAX_VALUE;
      tell(new Event.Woken(), now());
    }
    if (lostNanos <= now()) {
      lostNanos = Long.MAX_VALUE;
      tell(new Event.UplinkLost(), now());
    }
    for (int writes = 0; decided.isPresent() && writes < WRITES_MAX; writes++) {
      Gates gates = decided.get();
      decided = Optional.empty();
      write(gates);
    }
    if (decided.isEmpty()) {
      expecting.forEach(expect -> expect.done().complete(expect.next()));
      expecting.clear();
    }
    announce();
    if (!core.isHolding() && written.open().isEmpty()) {
      leaving.ifPresent(done -> done.complete(core.standing()));
    }
  }

  private void write(Gates gates) {
    try {
      boolean closedInstead = false;
      switch (tools.fence().write(gates)) {
        case WRITTEN -> {}
        case CLOSED_LATE -> closedInstead = gates.isLeaseBound();
        case STALE -> {
          return;
        }
      }
      if (closedInstead) {
        LOG.warn("lease over before the gates were written version={}", gates.version());
        taken(gates.lapsed(now()));
        tell(new Event.GatesFailed(gates.version()), now());
      } else {
        taken(gates);
        tell(new Event.GatesWritten(gates.version()), now());
      }
    } catch (KernelFault refused) {
      LOG.error(
          "gates not written version={} subject=\"{}\" reason=\"{}\"",
          gates.version(),
          refused.subject(),
          refused.reason());
      // Who wanted gates closed before he takes addresses away has to ask again.
      expecting.forEach(expect -> expect.done().completeExceptionally(refused));
      expecting.clear();
      tell(new Event.GatesFailed(gates.version()), now());
    }
  }

  /** The kernel has these gates. */
  private void taken(Gates gates) {
    SortedSet<IpAddress> open = NodeAddressSlot.without(gates.open());
    SortedSet<IpAddress> fresh = new TreeSet<>(open);
    fresh.removeAll(written.open());
    written = gates;
    announcements.keep(open);
    watchpost.hold(open);
    if (!fresh.isEmpty()) {
      announcements.opened(fresh, now());
    }
    journal.taken(gates.open(), now());
  }

  private void announce() {
    while (true) {
      long now = now();
      if (!mayAnnounce(now)) {
        return;
      }
      Optional<IpAddress> next = announcements.next(now);
      if (next.isEmpty()) {
        return;
      }
      try {
        tools.voices().herald().announce(uplink.get().portOf(next.get()), next.get());
      } catch (KernelFault refused) {
        LOG.warn(
            "announcement failed subject=\"{}\" reason=\"{}\"",
            refused.subject(),
            refused.reason());
      }
    }
  }

  /** Whether everything that is to be announced may be. */
  private boolean mayAnnounce(long now) {
    return uplink.isPresent() && (now < written.deadlineNanos() || !written.isLeaseBound());
  }

  /** When {@link #settle} has something to do though no errand came. */
  long nextNanos() {
    OptionalLong announcement =
        mayAnnounce(now()) ? announcements.nextNanos() : OptionalLong.empty();
    long timer = Math.min(wakeNanos, lostNanos);
    return decided.isPresent() ? now() : Math.min(timer, announcement.orElse(Long.MAX_VALUE));
  }

  private long now() {
    return tools.clock().getAsLong();
  }

  /** Lets go of witnesses and network; the gates stay as they are and end with the lease. */
  void close() {
    line.ifPresent(WitnessLine::close);
    watchpost.leave();
    tools.voices().herald().close();
  }
}
