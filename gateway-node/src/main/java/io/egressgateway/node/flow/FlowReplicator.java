package io.egressgateway.node.flow;

import com.google.protobuf.ByteString;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other nodes, once a second, what is new of the connections of the egress IPs that this node
 * holds. It reads the kernel's whole table of connections with our marks for that, and nothing if
 * no gateway wants it. On a thread of its own: nobody waits for its readings.
 *
 * <p>Every method returns at once and may be called by any thread.
 */
final class FlowReplicator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowReplicator.class);

  /** Between the end of one round and the beginning of the next. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** 50,000 connections are read in less than half a second; 10,000 are half a megabyte. */
  private static final ReplicaFeed.Limits LIMITS = new ReplicaFeed.Limits(50_000, 10_000);

  /** At about 50 bytes each, 80 over IPv6, well below {@link FlowParcel#BYTES_MAX}. */
  private static final int PART_FLOWS = 500;

  private final ScheduledExecutorService executor;
  private final Consumer<FlowReplica> outbox;
  private final ReplicationFigures figures;
  private final LongSupplier nanos;
  private final long stream;
  private final ReplicaFeed feed = new ReplicaFeed(LIMITS);
  private final Set<IpAddress> open = new TreeSet<>();
  private List<Replicated> wanted = List.of();
  private Optional<FlowTranslation> site = Optional.empty();
  private Optional<FlowTable> table = Optional.empty();

  /**
   * @param executor of exactly one platform thread, in the node's network namespace
   * @param outbox where parts go, called on that thread
   * @param nanos never goes back
   */
  FlowReplicator(
      ScheduledExecutorService executor,
      Consumer<FlowReplica> outbox,
      ReplicationFigures figures,
      LongSupplier nanos) {
    this.executor = executor;
    this.outbox = outbox;
    this.figures = figures;
    this.nanos = nanos;
    this.stream = nanos.getAsLong();
    schedule();
  }

  private void schedule() {
    var unused = executor.schedule(this::round, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  void here(NodeNumber self, KernelNumbers numbers) {
    executor.execute(() -> site = Optional.of(new FlowTranslation(self, numbers)));
  }

  /** Of these egress IPs, as far as this node holds them. */
  void wanted(List<Replicated> all) {
    executor.execute(
        () -> {
          if (!wanted.equals(all)) {
            LOG.info("connections replicated wanted={}", all.size());
          }
          wanted = List.copyOf(all);
          follow();
        });
  }

  void opened(IpAddress address) {
    executor.execute(
        () -> {
          open.add(address);
          follow();
        });
  }

  void released(IpAddress address) {
    executor.execute(
        () -> {
          open.remove(address);
          follow();
        });
  }

  void allReleased() {
    executor.execute(
        () -> {
          open.clear();
          follow();
        });
  }

  private void follow() {
    feed.follow(followed());
  }

  private List<Replicated> followed() {
    return wanted.stream().filter(each -> open.contains(each.eip().address())).toList();
  }

  private void round() {
    try {
      replicate();
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      LOG.warn("connections not replicated reason=\"{}\"", failed.getMessage());
    } finally {
      schedule();
    }
  }

  private void replicate() {
    List<Replicated> now = followed();
    if (now.isEmpty() || site.isEmpty()) {
      figures.round(new ReplicaFeed.Progress(0, 0, 0));
      return;
    }
    if (table.isEmpty()) {
      table = Optional.of(FlowTable.open());
    }
    ReplicaFeed.Round round =
        feed.next(
            table.get().collect(now.stream().map(Replicated::eip).toList(), site.get()),
            nanos.getAsLong());
    round.told().forEach(told -> send(round.number(), told));
    figures.round(round.progress());
  }

  private void send(long round, ReplicaFeed.Told told) {
    List<HandedFlow> flows = told.changes().flows();
    for (int from = 0; from < flows.size(); from += PART_FLOWS) {
      int until = Math.min(flows.size(), from + PART_FLOWS);
      send(round, told.replicated(), new FlowChanges(flows.subList(from, until), List.of()));
    }
    var ended = told.changes().ended();
    for (int from = 0; from < ended.size(); from += PART_FLOWS) {
      int until = Math.min(ended.size(), from + PART_FLOWS);
      send(round, told.replicated(), new FlowChanges(List.of(), ended.subList(from, until)));
    }
  }

  private void send(long round, Replicated replicated, FlowChanges changes) {
    ByteString bytes = FlowCodec.encode(changes);
    figures.sentBytes(bytes.size());
    outbox.accept(new FlowReplica(replicated.eip(), replicated.to(), stream, round, bytes));
  }

  @Override
  public void close() {
    executor.execute(
        () -> {
          table.ifPresent(FlowTable::close);
          // With the round that is due.
          var unused = executor.shutdownNow();
        });
  }
}
