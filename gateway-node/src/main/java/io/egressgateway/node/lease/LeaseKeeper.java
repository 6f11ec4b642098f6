package io.egressgateway.node.lease;

import io.egressgateway.core.lease.AgentLeaseCore;
import io.egressgateway.core.lease.AgentLeaseCore.Event;
import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.NodeLease;
import io.egressgateway.node.fence.Fence;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.lease.LeaseRunner.Errand;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease on a thread of its own: nothing that happens elsewhere in the agent delays a renewal or
 * the closing of a gate. Should the thread die, the agent must end at once: the kernel closes the
 * gates by itself.
 */
public final class LeaseKeeper implements NodeLease, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  /**
   * Errands that may wait. Grants of a thousand addresses at once are far below; what finds no room
   * is lost like a message on the network, and is said again by whoever said it.
   */
  static final int QUEUE_MAX = 16_384;

  /** Errands that are taken before the gates are written for all of them together. */
  private static final int BATCH_MAX = 1024;

  /** The thread looks around at least this often. */
  private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  /** Makes what belongs to the lease's thread; called by it. */
  @FunctionalInterface
  public interface Openers {
    /**
     * @throws KernelFault if the kernel has not what it takes
     */
    Opened open() throws KernelFault;
  }

  /** What belongs to the lease's thread. */
  public record Opened(Fence fence, Herald herald, Lookout.Opener lookouts) {}

  /**
   * Around the keeper.
   *
   * @param clock CLOCK_MONOTONIC_RAW in nanoseconds
   * @param thread makes the one thread
   * @param died told what killed the thread
   */
  public record Setting(
      LongSupplier clock,
      ThreadFactory thread,
      WitnessLine.Opener witnesses,
      Consumer<Throwable> died) {}

  private final NodeSession first;
  private final Setting setting;
  private final BlockingQueue<Errand> errands = new ArrayBlockingQueue<>(QUEUE_MAX);
  private volatile boolean closed;
  private volatile long deadlineNanos = Long.MIN_VALUE;

  /** A keeper that has not begun; what it is told waits. */
  public LeaseKeeper(NodeSession first, Setting setting) {
    this.first = first;
    this.setting = setting;
  }

  /**
   * Begins.
   *
   * @return completed with the fence once it stands, or with what its opening failed of
   */
  public CompletionStage<Fence> start(Openers openers, Consumer<LeaseNews> news) {
    CompletableFuture<Fence> started = new CompletableFuture<>();
    setting.thread().newThread(() -> run(openers, news, started)).start();
    return started;
  }

  private void run(Openers openers, Consumer<LeaseNews> news, CompletableFuture<Fence> started) {
    Opened opened;
    try {
      opened = openers.open();
    } catch (KernelFault | RuntimeException failed) {
      started.completeExceptionally(failed);
      return;
    }
    try (Fence fence = opened.fence()) {
      started.complete(fence);
      LeaseRunner runner =
          new LeaseRunner(
              new AgentLeaseCore(Rules.ALL, first),
              new LeaseRunner.Tools(
                  setting.clock(),
                  fence,
                  setting.witnesses(),
                  new LeaseRunner.Voices(opened.herald(), opened.lookouts())),
              new Inbox(),
              news);
      while (!closed) {
        turn(runner);
      }
      runner.close();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Throwable bug) {
      LOG.error("the lease thread died", bug);
      setting.died().accept(bug);
    }
  }

  private void turn(LeaseRunner runner) throws InterruptedException {
    long pause = Math.min(runner.nextNanos() - setting.clock().getAsLong(), PAUSE_NANOS_MAX);
    Errand errand = pause > 0 ? errands.poll(pause, TimeUnit.NANOSECONDS) : errands.poll();
    for (int taken = 0; errand != null; taken++) {
      runner.take(errand);
      errand = taken < BATCH_MAX ? errands.poll() : null;
    }
    runner.settle();
    deadlineNanos = runner.deadlineNanos();
  }

  /** What is left of the lease before the kernel closes all gates by itself; 0 without a lease. */
  public long remainingNanos() {
    return deadlineNanos == Long.MIN_VALUE
        ? 0
        : Math.max(0, deadlineNanos - setting.clock().getAsLong());
  }

  @Override
  public void enlist(Enlistment enlistment) {
    bring(new Errand.Enlist(enlistment));
  }

  @Override
  public void tell(Event event) {
    bring(new Errand.Tell(event, setting.clock().getAsLong()));
  }

  @Override
  public CompletionStage<Holding> expect(Holding next) {
    CompletableFuture<Holding> done = new CompletableFuture<>();
    if (!bring(new Errand.Expect(next, done))) {
      done.completeExceptionally(
          new KernelFault("gate", next.addresses().toString(), "the lease is too busy"));
    }
    return done;
  }

  @Override
  public void ready(Holding holding) {
    bring(new Errand.Ready(holding));
  }

  /**
   * Hands over what is held.
   *
   * @return completed when nothing is held any more
   */
  public CompletionStage<Standing> leave() {
    CompletableFuture<Standing> done = new CompletableFuture<>();
    bring(new Errand.Leave(done));
    return done;
  }

  /** Of what comes from the network; by any thread. */
  private final class Inbox implements LeaseRunner.Inbox {
    @Override
    public void promised(int witness, long incarnation, long sequence) {
      tell(new Event.Promised(witness, incarnation, sequence));
    }

    @Override
    public void nacked(int witness, long incarnation) {
      tell(new Event.Nacked(witness, incarnation));
    }

    @Override
    public void uplinkLost() {
      tell(new Event.UplinkLost());
    }

    @Override
    public void uplinkFound() {
      tell(new Event.UplinkFound());
    }

    @Override
    public void conflict(IpAddress address, MacAddress mac) {
      bring(new Errand.Claimed(address, mac));
    }

    @Override
    public void probed(Errand.Probed probed) {
      bring(probed);
    }
  }

  private boolean bring(Errand errand) {
    boolean room = errands.offer(errand);
    if (!room) {
      LOG.error("the lease has no room for errand={}", errand);
    }
    return room;
  }

  /** Ends the thread after its turn. */
  @Override
  public void close() {
    closed = true;
    bring(new Errand.Tell(new Event.Woken(), setting.clock().getAsLong()));
  }
}
