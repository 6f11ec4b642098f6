package io.egressgateway.node.survey;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.agent.Findings;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks around again and again, on a thread of its own: a reading of a million connections takes
 * seconds, and nothing else may wait for it. Thread-safe.
 */
public final class NodeSurvey implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeSurvey.class);

  /** How often is usual. */
  public static final Duration PERIOD = Duration.ofSeconds(10);

  /** How many times as long as it took to look around the kernel is left alone. */
  private static final int REST = 20;

  private final Duration period;
  private final LongSupplier clock;
  private final EipUse use = new EipUse();
  private volatile Optional<NodePlan> plan = Optional.empty();
  private volatile Findings findings = Findings.NONE;
  private volatile Optional<Thread> thread = Optional.empty();

  /**
   * A survey that waits for {@link #start}.
   *
   * @param period from the end of one look to the next one, longer after one that took long
   * @param clock monotonic nanoseconds
   */
  public NodeSurvey(Duration period, LongSupplier clock) {
    this.period = period;
    this.clock = clock;
  }

  /** What to look for from now on. */
  public void wanted(NodePlan next) {
    plan = Optional.of(next);
  }

  /** What egress IPs carry, as it was last seen. */
  public EipUse use() {
    return use;
  }

  /**
   * Starts to look, in the calling thread's network namespace.
   *
   * @param listener is told what was found whenever it is something else, on the survey's thread
   */
  public void start(Consumer<Findings> listener) {
    SurveySockets sockets = SurveySockets.open();
    thread =
        Optional.of(
            Thread.ofPlatform().name("survey").daemon(true).start(() -> run(sockets, listener)));
  }

  private void run(SurveySockets sockets, Consumer<Findings> listener) {
    try (sockets) {
      while (true) {
        long began = clock.getAsLong();
        Optional<NodePlan> wanted = plan;
        wanted.ifPresent(of -> look(sockets, of, listener));
        long took = clock.getAsLong() - began;
        TimeUnit.NANOSECONDS.sleep(Math.max(period.toNanos(), REST * took));
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(SurveySockets sockets, NodePlan of, Consumer<Findings> listener) {
    try {
      PortUse ports = sockets.ports(of);
      SortedSet<PortShortage> shortages = ports.shortages(findings.shortages());
      SortedSet<IpAddress> scarce = new TreeSet<>();
      shortages.forEach(shortage -> scarce.add(shortage.eip()));
      use.seen(sockets.counters(of), ports.mostUsed(), scarce, sockets.refusals());
      tell(Findings.of(sockets.collisions(of), shortages), listener);
    } catch (NetlinkException | MalformedNetlinkMessage refused) {
      LOG.warn("kernel not surveyed reason=\"{}\"", refused.getMessage());
    }
  }

  private void tell(Findings now, Consumer<Findings> listener) {
    if (!now.equals(findings)) {
      if (now.equals(Findings.NONE)) {
        LOG.info("nothing in the way any more before={}", findings);
      } else {
        LOG.warn(
            "found in the kernel collisions={} destinationsWithoutPorts={}",
            now.collisions(),
            now.shortages());
      }
      findings = now;
      listener.accept(now);
    }
  }

  @Override
  public void close() {
    thread.ifPresent(Thread::interrupt);
  }
}
