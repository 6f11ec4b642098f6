package io.egressgateway.node.app;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.agent.AgentSettings;
import io.egressgateway.node.agent.Announcer;
import io.egressgateway.node.agent.Backoff;
import io.egressgateway.node.agent.ControllerLink;
import io.egressgateway.node.agent.KernelThread;
import io.egressgateway.node.agent.LinkSettings;
import io.egressgateway.node.agent.NetlinkKernel;
import io.egressgateway.node.agent.NodeAgent;
import io.egressgateway.node.agent.Reconciliation;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the agent together and runs it. */
final class AgentProcess {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);
  private static final Duration SETTLE = Duration.ofMillis(100);
  private static final Duration LINK_SILENCE = Duration.ofSeconds(5);
  private static final Backoff PLAN_RETRY =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private static final Backoff LINK_RETRY =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Optional<String> uplink;
  private final Duration driftInterval;

  AgentProcess(Optional<String> uplink, Duration driftInterval) {
    this.uplink = uplink;
    this.driftInterval = driftInterval;
  }

  /** Who the agent is and whom it belongs to. */
  record Membership(
      NodeName node, List<LinkSettings.Endpoint> controllers, Path tls, State state) {}

  /**
   * Where the agent's starts are told apart.
   *
   * @param directory for the count of starts
   * @param bootId file with the identifier of the node's boot
   */
  record State(Path directory, Path bootId) {}

  /** Runs until the actor system ends; that it ends by itself is a failure. */
  int run(Membership membership) throws IOException, InterruptedException, ExecutionException {
    Incarnation incarnation =
        Incarnation.next(membership.state().bootId(), membership.state().directory());
    LOG.info(
        "agent starting node={} bootId={} incarnation={} controllers={}",
        membership.node(),
        incarnation.bootId(),
        incarnation.number(),
        membership.controllers());
    KernelThread thread = kernelThread();
    NetlinkKernel kernel =
        thread.executor().submit(() -> NetlinkKernel.open(uplink, AddressLifetime.FOREVER)).get();
    LinkSettings link =
        new LinkSettings(
            membership.controllers(),
            TlsFiles.in(membership.tls(), "agent"),
            new LinkSettings.Identity(
                membership.node(), incarnation.bootId(), incarnation.number(), version()),
            new LinkSettings.Retry(LINK_RETRY, LINK_SILENCE, RandomGenerator.getDefault()));
    Behavior<NodeAgent.Message> agent =
        NodeAgent.create(
            new NodeAgent.Parts(
                kernel,
                thread,
                self -> ControllerLink.create(self, link),
                Announcer.create(kernel, thread)),
            new AgentSettings(driftInterval, SETTLE, PLAN_RETRY, System::nanoTime));
    ActorSystem<NodeAgent.Message> system =
        ActorSystem.create(
            agent,
            "egressgateway-agent",
            ConfigFactory.parseResources("egressgateway-agent.conf")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    try (AutoCloseable watch =
        kernel.watch(List.of(), what -> system.tell(new NodeAgent.KernelChanged(what)))) {
      LOG.debug("watching the kernel with={}", watch);
      system.getWhenTerminated().toCompletableFuture().get();
    } catch (IOException | InterruptedException | ExecutionException failure) {
      throw failure;
    } catch (Exception unexpected) {
      throw new IllegalStateException("the watch on the kernel cannot be closed", unexpected);
    }
    LOG.error("the agent ended by itself");
    return 1;
  }

  /** Takes the datapath away. */
  int remove() throws InterruptedException, ExecutionException {
    KernelThread thread = kernelThread();
    KernelDelta delta =
        thread
            .executor()
            .submit(() -> Reconciliation.clear(NetlinkKernel.open(uplink, AddressLifetime.FOREVER)))
            .get();
    LOG.info("datapath removed changes={}", delta.changes().size());
    return 0;
  }

  private static KernelThread kernelThread() {
    return new KernelThread(
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("kernel").daemon(true).factory()));
  }

  private static String version() {
    return Optional.ofNullable(AgentProcess.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
