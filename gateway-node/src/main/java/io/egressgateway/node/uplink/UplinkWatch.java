package io.egressgateway.node.uplink;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.KernelNotice;
import io.egressgateway.node.netlink.MonitorTopic;
import io.egressgateway.node.netlink.NetlinkMonitor;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourAdvertisement;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.uplink.UplinkHealth.Carrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one uplink. It asks the next hops of the default routes five times a second, listens to
 * the kernel's news of the link, and to what others on the segment say about our addresses.
 *
 * <p>All state belongs to one daemon thread, which also calls the listener; the public methods may
 * be called from any.
 */
public final class UplinkWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UplinkWatch.class);
  private static final Duration QUESTION_PERIOD = Duration.ofMillis(200);
  private static final Duration PROBE_AGAIN = Duration.ofMillis(25);
  private static final Duration PROBE_END = Duration.ofMillis(50);
  private static final Duration FACTS_PERIOD = Duration.ofSeconds(5);

  /** Claims that wait for the thread; a host that floods the segment must not flood us. */
  private static final int CLAIMS_WAITING_MAX = 1_000;

  private final LinkName name;
  private final UplinkListener listener;
  private final LongSupplier clock;
  private final RouteNetlink routing;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("uplink").daemon(true).factory());
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final AtomicInteger claimsWaiting = new AtomicInteger();
  private volatile Set<IpAddress> interesting = Set.of();

  private final List<NetlinkMonitor> monitors = new ArrayList<>();
  private final Rivals rivals = new Rivals();
  private final List<Probe> probes = new ArrayList<>();
  private UplinkHealth health = UplinkHealth.unknown();
  private Optional<UplinkFacts> facts = Optional.empty();
  private Optional<Segment> segment = Optional.empty();
  private SortedSet<IpAddress> held = new TreeSet<>();
  private Optional<String> trouble = Optional.empty();

  private record Probe(
      SortedSet<IpAddress> addresses,
      SortedMap<IpAddress, MacAddress> found,
      CompletableFuture<SortedMap<IpAddress, MacAddress>> result) {}

  private UplinkWatch(LinkName name, UplinkListener listener, LongSupplier clock) {
    this.name = name;
    this.listener = listener;
    this.clock = clock;
    this.routing = RouteNetlink.open(SocketLimits.REQUESTS);
  }

  /**
   * Starts watching, in the calling thread's network namespace.
   *
   * @param uplink the link's name; there need be no such link yet
   * @param clock monotonic nanoseconds
   * @throws NetlinkException if the sockets cannot be had
   */
  public static UplinkWatch start(String uplink, UplinkListener listener, LongSupplier clock) {
    UplinkWatch watch = new UplinkWatch(LinkName.of(uplink), listener, clock);
    NetlinkMonitor monitor =
        NetlinkMonitor.start(
            List.of(MonitorTopic.LINKS, MonitorTopic.ROUTES),
            port -> false,
            SocketLimits.NOTIFICATIONS,
            watch::onNotice);
    watch.monitors.add(monitor);
    watch.thread.execute(watch::refresh);
    long question = QUESTION_PERIOD.toNanos();
    long reading = FACTS_PERIOD.toNanos();
    var unusedQuestions =
        watch.thread.scheduleWithFixedDelay(watch::ask, 0, question, TimeUnit.NANOSECONDS);
    var unusedReadings =
        watch.thread.scheduleWithFixedDelay(watch::refresh, reading, reading, TimeUnit.NANOSECONDS);
    return watch;
  }

  /** These addresses, and no others, are ours on the segment: those with an open gate. */
  public void hold(SortedSet<IpAddress> addresses) {
    SortedSet<IpAddress> copy = new TreeSet<>(addresses);
    run(
        () -> {
          held = copy;
          rivals.hold(copy);
          heed();
        });
  }

  /**
   * Asks the segment, twice within 50 ms, whether anybody has these addresses, without claiming
   * them (RFC 5227 section 2.1.1, in a hurry: a host that answers later is found by the watch). A
   * node of the cluster that still holds an address answers too.
   *
   * @return the MAC of whoever answered, by address; never fails
   */
  public CompletionStage<SortedMap<IpAddress, MacAddress>> probe(SortedSet<IpAddress> addresses) {
    Probe probe = new Probe(new TreeSet<>(addresses), new TreeMap<>(), new CompletableFuture<>());
    if (!run(() -> begin(probe))) {
      probe.result().complete(Collections.emptySortedMap());
    }
    return probe.result();
  }

  private void begin(Probe probe) {
    probes.add(probe);
    heed();
    send(probe);
    var unusedAgain =
        thread.schedule(() -> send(probe), PROBE_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
    var unusedEnd = thread.schedule(() -> end(probe), PROBE_END.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void send(Probe probe) {
    facts.ifPresent(
        known ->
            probe
                .addresses()
                .forEach(address -> segment.ifPresent(s -> s.say(known.probe(address)))));
  }

  private void end(Probe probe) {
    probes.remove(probe);
    heed();
    probe.result().complete(Collections.unmodifiableSortedMap(probe.found()));
  }

  /** Whose claims are worth the thread's time. */
  private void heed() {
    Set<IpAddress> all = new HashSet<>(held);
    all.addAll(health.hops().keySet());
    probes.forEach(probe -> all.addAll(probe.addresses()));
    interesting = Set.copyOf(all);
  }

  private void ask() {
    if (segment.isEmpty() || facts.isEmpty()) {
      return;
    }
    health = health.asked();
    for (IpAddress hop : health.hops().keySet()) {
      segment.get().say(facts.get().question(hop));
    }
    judge();
  }

  /** On a listening thread. */
  private void onClaim(Claim claim) {
    if (!interesting.contains(claim.address())) {
      return;
    }
    if (claimsWaiting.incrementAndGet() > CLAIMS_WAITING_MAX || !run(() -> take(claim))) {
      claimsWaiting.decrementAndGet();
    }
  }

  private void take(Claim claim) {
    claimsWaiting.decrementAndGet();
    if (facts.isEmpty()) {
      return;
    }
    UplinkFacts known = facts.get();
    health = health.answered(claim.address());
    judge();
    if (!claim.mac().equals(known.mac())) {
      probes.stream()
          .filter(probe -> probe.addresses().contains(claim.address()))
          .forEach(probe -> probe.found().put(claim.address(), claim.mac()));
    }
    switch (rivals.on(claim, known.mac(), clock.getAsLong())) {
      case IGNORE -> {
        // Nothing to do.
      }
      case REPORT -> listener.addressConflict(claim.address(), claim.mac());
      case REPORT_AND_DEFEND -> {
        defend(claim.address(), known.mac());
        listener.addressConflict(claim.address(), claim.mac());
      }
    }
  }

  private void defend(IpAddress address, MacAddress own) {
    LOG.warn("another host claims an egress IP, defending it address={}", address);
    segment.ifPresent(
        heard ->
            heard.say(
                switch (address) {
                  case Ipv4Address ip -> ArpFrame.gratuitousRequest(own, ip).encode();
                  case Ipv6Address ip -> NeighbourAdvertisement.unsolicited(own, ip).encode();
                }));
  }

  /** On the monitor's thread. */
  private void onNotice(KernelNotice notice) {
    boolean concerns =
        switch (notice) {
          case KernelNotice.OfLink(var origin, var change, var link) -> link.name().equals(name);
          case KernelNotice.OfRoute(var origin, var change, var route) ->
              route.destination().prefixLength() == 0;
          case KernelNotice.Resync ignored -> true;
          case KernelNotice.Ended ignored -> true;
          case KernelNotice.OfAddress ignored -> false;
          case KernelNotice.OfNeighbour ignored -> false;
          case KernelNotice.OfForwarding ignored -> false;
          case KernelNotice.OfRule ignored -> false;
          case KernelNotice.OfSetting ignored -> false;
          case KernelNotice.OfRuleset ignored -> false;
        };
    if (concerns && refreshing.compareAndSet(false, true)) {
      run(this::refresh);
    }
  }

  private void refresh() {
    refreshing.set(false);
    try {
      facts = UplinkFacts.read(routing, name);
      reopen();
      health =
          health
              .with(facts.map(UplinkFacts::carrier).orElse(Carrier.ABSENT))
              .withHops(facts.map(UplinkFacts::hops).orElseGet(TreeSet::new));
    } catch (NetlinkException | MalformedNetlinkMessage unread) {
      LOG.warn("uplink not read uplink={} reason=\"{}\"", name, unread.getMessage());
    }
    heed();
    judge();
  }

  /** A device that was replaced by another of the same name has another number. */
  private void reopen() {
    boolean same = segment.map(Segment::linkIndex).equals(facts.map(UplinkFacts::linkIndex));
    if (!same) {
      segment.ifPresent(Segment::close);
      segment = Optional.empty();
      segment = facts.map(known -> Segment.open(known.linkIndex(), this::onClaim));
    }
  }

  private void judge() {
    Optional<String> now = health.trouble();
    if (now.isPresent() != trouble.isPresent()) {
      if (now.isPresent()) {
        LOG.warn("uplink lost uplink={} reason=\"{}\"", name, now.get());
        listener.uplinkLost(now.get());
      } else {
        LOG.info("uplink found again uplink={}", name);
        listener.uplinkFound();
      }
    }
    trouble = now;
  }

  /** Whether the thread still takes work. */
  private boolean run(Runnable work) {
    try {
      thread.execute(work);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  @Override
  public void close() {
    monitors.forEach(NetlinkMonitor::close);
    thread.shutdownNow();
    thread.close();
    segment.ifPresent(Segment::close);
    probes.forEach(probe -> probe.result().complete(Collections.emptySortedMap()));
    routing.close();
  }
}
