package io.egressgateway.node.app;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.egressgateway.node.agent.ControllerLink;
import io.egressgateway.node.agent.NodeAgent;
import io.egressgateway.node.lease.LeaseKeeper;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.TerminationSignal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an agent that is asked to go: it hands over the egress IPs that it holds, each open
 * until it is released, and then ends. A second signal ends it at once. Whatever is still held when
 * it ends closes with the lease.
 *
 * @param lease whose addresses are handed over
 * @param patience for all of them
 */
record Departure(ActorSystem<NodeAgent.Message> system, LeaseKeeper lease, Duration patience) {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  /** For the last words to leave. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  /** Sees to it that signals lead here. */
  void onSignal() {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("departure").unstarted(this::depart));
  }

  private void depart() {
    if (system.getWhenTerminated().toCompletableFuture().isDone()) {
      return;
    }
    try {
      TerminationSignal.endAtOnce();
    } catch (NetlinkException | UnsatisfiedLinkError unusable) {
      LOG.warn("a second signal will have to wait", unusable);
    }
    LOG.info("leaving patience={}", patience);
    if (isDoneIn(patience, lease.leave())) {
      LOG.info("nothing is held any more");
    } else {
      LOG.warn("leaving though not all was handed over; what is left ends with the lease");
    }
    boolean said =
        isDoneIn(
            FAREWELL,
            AskPattern.<NodeAgent.Message, ControllerLink.Finished>ask(
                system, NodeAgent.Finish::new, FAREWELL, system.scheduler()));
    LOG.debug("last words said={}", said);
    // Not the signal's exit code: this is an orderly end.
    Runtime.getRuntime().halt(0);
  }

  private static boolean isDoneIn(Duration time, CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException late) {
      LOG.debug("not done time={}", time, late);
      return false;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
