package io.egressgateway.node.flow;

import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the connections of egress IPs over to the node that is about to hold them, and takes those
 * of other nodes. It never stands in the way of a move: what it cannot do it says in the log, and
 * what comes too late is made known late.
 *
 * <p>Connections of other nodes' pods are made known as they arrive, while the egress IP is still
 * elsewhere and its gate here is closed. Those of this node's own pods, which so far only pass
 * through here, are translated from the moment of the grant. After an egress IP has been released
 * the connections that began since they were last looked at follow.
 *
 * <p>Where a gateway wants it, another node is told of connections all the time; when it is granted
 * the egress IP of a node that crashed, they are made known there before the grant is passed on.
 *
 * <p>Every method returns at once and may be called by any thread.
 */
public final class FlowCourier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowCourier.class);

  /** Of one egress IP; the others begin anew, or are picked up by their next packet. */
  static final int FLOWS_MAX = 50_000;

  /** At about 50 bytes each well below {@link FlowParcel#BYTES_MAX}. */
  private static final int PARCEL_FLOWS = 500;

  /** Of all egress IPs together; those beyond are let go. */
  private static final int REMEMBERED_MAX = 200_000;

  /** More egress IPs than one node is ever about to hold. */
  private static final int ADDRESSES_MAX = 10_000;

  /** Where parcels and news go, called on the courier's thread. */
  public interface Outbox {
    void send(FlowParcel parcel);

    void installed(IpAddress address, Outcome outcome);

    /** Called on the replicator's thread. */
    void replicated(FlowReplica part);
  }

  /**
   * With what connections are told of all the time.
   *
   * @param executor of exactly one platform thread, in the node's network namespace
   * @param figures are kept up to date
   * @param nanos never goes back
   */
  public record Replication(
      ScheduledExecutorService executor, ReplicationFigures figures, LongSupplier nanos) {}

  /** What became of the connections of an egress IP. */
  public record Outcome(int installed, int refused) {
    Outcome plus(Outcome more) {
      return new Outcome(installed + more.installed, refused + more.refused);
    }
  }

  private record Wanted(HandedEip eip, NodeName to) {}

  private record Granted(IpAddress address, Runnable then) {}

  /** What was handed over of an egress IP that is still here. */
  private record Handed(Wanted wanted, int parts, Set<Tuple> flows) {}

  /** What has come of an egress IP so far; connections of own pods wait for the grant. */
  private record Arrived(HandedEip eip, List<HandedFlow> ofOwnPods, Outcome outcome) {}

  private final ExecutorService executor;
  private final Outbox outbox;
  private final FlowReplicator replicator;
  private final Standby standby;
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<Granted> granted = new ArrayList<>();
  private final Map<IpAddress, Handed> handed = new TreeMap<>();
  private final Map<IpAddress, Arrived> arrived = new TreeMap<>();
  private final Set<IpAddress> open = new TreeSet<>();
  private Optional<FlowTranslation> site = Optional.empty();
  private Optional<FlowTable> table = Optional.empty();

  /**
   * @param executor of exactly one platform thread, in the node's network namespace
   */
  public FlowCourier(ExecutorService executor, Outbox outbox, Replication replication) {
    this.executor = executor;
    this.outbox = outbox;
    this.replicator =
        new FlowReplicator(
            replication.executor(), outbox::replicated, replication.figures(), replication.nanos());
    this.standby = new Standby(replication.figures(), replication.nanos());
  }

  /** This node's number, and those of its kernel, known from its plan. */
  public void here(NodeNumber self, KernelNumbers numbers) {
    run("learn", () -> site = Optional.of(new FlowTranslation(self, numbers)));
    replicator.here(self, numbers);
  }

  /** These egress IPs' connections, and no others', are to be told of all the time. */
  public void replicate(List<Replicated> replicated) {
    replicator.wanted(replicated);
  }

  /** What is new of the connections of an egress IP that another node holds. */
  public void replicated(FlowReplica part) {
    run(
        "keep",
        () -> {
          if (!open.contains(part.eip().address())) {
            standby.take(part);
          }
        });
  }

  /** The node is about to hold the egress IP: its connections should be there. */
  public void wanted(HandedEip eip, NodeName to) {
    run("note", () -> wanted.add(new Wanted(eip, to)));
    // Egress IPs that leave together are looked up together.
    run("hand over", this::handOver);
  }

  /** Connections have come from another node. */
  public void arrived(FlowParcel parcel) {
    run("take", () -> take(parcel));
  }

  /**
   * This node may hold the egress IP.
   *
   * @param then is run before this method returns or, on the courier's thread, when the connections
   *     that its former holder has told of are known to the kernel: the gate is not to be open
   *     before
   */
  public void granted(IpAddress address, Runnable then) {
    run("translate", () -> translate(address));
    if (!standby.mayHave(address)) {
      then.run();
      return;
    }
    run("note", () -> granted.add(new Granted(address, then)));
    // Egress IPs that come together are made known together.
    run("take over", this::takeOver);
  }

  /** The gate of the egress IP is open here. */
  public void opened(IpAddress address) {
    run(
        "open",
        () -> {
          open.add(address);
          translate(address);
        });
    replicator.opened(address);
  }

  /** The gate of the egress IP was open here and is closed. */
  public void released(IpAddress address) {
    run("follow", () -> follow(address));
    replicator.released(address);
  }

  /** The gates of all egress IPs are closed. */
  public void allReleased() {
    run("close", open::clear);
    replicator.allReleased();
  }

  private interface Step {
    void run() throws MalformedLinkMessage;
  }

  private void run(String operation, Step step) {
    executor.execute(
        () -> {
          try {
            step.run();
          } catch (NetlinkException | MalformedNetlinkMessage | MalformedLinkMessage failed) {
            LOG.warn(
                "connections not handed over operation=\"{}\" reason=\"{}\"",
                operation,
                failed.getMessage());
          }
        });
  }

  private FlowTable table() {
    if (table.isEmpty()) {
      table = Optional.of(FlowTable.open());
    }
    return table.get();
  }

  private void handOver() {
    List<Wanted> now = List.copyOf(wanted);
    wanted.clear();
    if (now.isEmpty()) {
      return;
    }
    Map<IpAddress, List<HandedFlow>> found = collect(now);
    for (Wanted each : now) {
      List<HandedFlow> flows = found.getOrDefault(each.eip().address(), List.of());
      int parts = send(each, 0, flows);
      remember(new Handed(each, parts, tuples(flows)));
      LOG.info(
          "connections handed over eip={} to={} flows={}",
          each.eip().address(),
          each.to(),
          flows.size());
    }
  }

  private Map<IpAddress, List<HandedFlow>> collect(List<Wanted> now) {
    if (site.isEmpty()) {
      return Map.of();
    }
    return table().collect(now.stream().map(Wanted::eip).toList(), site.get());
  }

  private static Set<Tuple> tuples(List<HandedFlow> flows) {
    Set<Tuple> tuples = new HashSet<>();
    flows.forEach(flow -> tuples.add(flow.original()));
    return tuples;
  }

  /** The number of the next part. */
  private int send(Wanted to, int firstPart, List<HandedFlow> all) {
    List<HandedFlow> flows = all;
    if (all.size() > FLOWS_MAX) {
      LOG.warn(
          "too many connections eip={} flows={} most={}",
          to.eip().address(),
          all.size(),
          FLOWS_MAX);
      flows = all.subList(0, FLOWS_MAX);
    }
    int part = firstPart;
    int from = 0;
    do {
      int until = Math.min(flows.size(), from + PARCEL_FLOWS);
      FlowParcel.Place place =
          until == flows.size() ? FlowParcel.Place.LAST : FlowParcel.Place.MORE_FOLLOW;
      outbox.send(
          new FlowParcel(
              to.eip(), to.to(), part, place, FlowCodec.encode(flows.subList(from, until))));
      part++;
      from = until;
    } while (from < flows.size());
    return part;
  }

  private void remember(Handed entry) {
    IpAddress address = entry.wanted().eip().address();
    handed.remove(address);
    long remembered = handed.values().stream().mapToLong(other -> other.flows().size()).sum();
    if (remembered + entry.flows().size() <= REMEMBERED_MAX) {
      handed.put(address, entry);
    }
  }

  /** Sends what began after the others were sent; own pods' packets leave untranslated again. */
  private void follow(IpAddress address) {
    open.remove(address);
    Handed before = handed.remove(address);
    if (before == null) {
      return;
    }
    HandedEip eip = before.wanted().eip();
    List<HandedFlow> now = collect(List.of(before.wanted())).getOrDefault(address, List.of());
    site.ifPresent(
        here ->
            table()
                .replace(
                    now.stream()
                        .filter(here::isOfOwnPod)
                        .map(flow -> here.untranslated(flow, eip))
                        .toList()));
    List<HandedFlow> fresh =
        now.stream().filter(flow -> !before.flows().contains(flow.original())).toList();
    if (!fresh.isEmpty()) {
      send(before.wanted(), before.parts(), fresh);
      LOG.info("connections handed over eip={} late={}", address, fresh.size());
    }
  }

  private void take(FlowParcel parcel) throws MalformedLinkMessage {
    HandedEip eip = parcel.eip();
    List<HandedFlow> flows = FlowCodec.decode(parcel.flows());
    if (site.isEmpty()) {
      return;
    }
    if (parcel.part() == 0) {
      if (arrived.size() >= ADDRESSES_MAX) {
        // Of moves that did not come about.
        arrived.clear();
      }
      arrived.put(eip.address(), new Arrived(eip, List.of(), new Outcome(0, 0)));
      if (!open.contains(eip.address())) {
        table().forget(List.of(eip), site.get());
      }
    }
    FlowTranslation here = site.get();
    List<HandedFlow> ofOthers = flows.stream().filter(flow -> !here.isOfOwnPod(flow)).toList();
    List<HandedFlow> ofOwnPods = flows.stream().filter(here::isOfOwnPod).toList();
    int refused =
        table().install(ofOthers.stream().map(flow -> here.translated(flow, eip)).toList());
    Arrived before =
        arrived.getOrDefault(eip.address(), new Arrived(eip, List.of(), new Outcome(0, 0)));
    List<HandedFlow> waiting = new ArrayList<>(before.ofOwnPods());
    if (waitingFlows() + ofOwnPods.size() <= REMEMBERED_MAX) {
      waiting.addAll(ofOwnPods);
    }
    Outcome outcome = before.outcome().plus(new Outcome(flows.size() - refused, refused));
    arrived.put(eip.address(), new Arrived(eip, waiting, outcome));
    if (open.contains(eip.address())) {
      translate(eip.address());
    }
    if (parcel.place() == FlowParcel.Place.LAST) {
      LOG.info(
          "connections taken eip={} from={} flows={} refused={}",
          eip.address(),
          parcel.node(),
          outcome.installed(),
          outcome.refused());
      standby.forget(eip.address());
      outbox.installed(eip.address(), outcome);
    }
  }

  private void takeOver() {
    List<Granted> now = List.copyOf(granted);
    granted.clear();
    try {
      if (site.isPresent() && !now.isEmpty()) {
        Set<IpAddress> closed = new TreeSet<>();
        now.forEach(each -> closed.add(each.address()));
        closed.removeAll(open);
        standby.install(closed, table(), site.get());
      }
    } finally {
      now.forEach(each -> each.then().run());
    }
  }

  private long waitingFlows() {
    return arrived.values().stream().mapToLong(entry -> entry.ofOwnPods().size()).sum();
  }

  private void translate(IpAddress address) {
    Arrived entry = arrived.remove(address);
    if (entry != null && site.isPresent() && !entry.ofOwnPods().isEmpty()) {
      FlowTranslation here = site.get();
      int refused =
          table()
              .replace(
                  entry.ofOwnPods().stream()
                      .map(flow -> here.translated(flow, entry.eip()))
                      .toList());
      LOG.info(
          "connections of own pods translated eip={} flows={} refused={}",
          address,
          entry.ofOwnPods().size(),
          refused);
    }
  }

  @Override
  public void close() {
    replicator.close();
    executor.execute(() -> table.ifPresent(FlowTable::close));
    executor.shutdown();
  }
}
