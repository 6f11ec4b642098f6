package io.egressgateway.node.app;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.monitor.MonitorServer;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.agent.AgentSettings;
import io.egressgateway.node.agent.Backoff;
import io.egressgateway.node.agent.ControllerLink;
import io.egressgateway.node.agent.DriftRepairs;
import io.egressgateway.node.agent.KernelThread;
import io.egressgateway.node.agent.LinkSettings;
import io.egressgateway.node.agent.NetlinkKernel;
import io.egressgateway.node.agent.NodeAgent;
import io.egressgateway.node.agent.Reconciliation;
import io.egressgateway.node.fence.Fence;
import io.egressgateway.node.fence.NftFence;
import io.egressgateway.node.flow.FlowCourier;
import io.egressgateway.node.flow.ReplicationFigures;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.lease.LeaseKeeper;
import io.egressgateway.node.lease.PacketHerald;
import io.egressgateway.node.lease.UplinkLookout;
import io.egressgateway.node.lease.WitnessClients;
import io.egressgateway.node.monitor.AgentMonitor;
import io.egressgateway.node.netlink.socket.RawClock;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.path.PathWatch;
import io.egressgateway.node.survey.NodeSurvey;
import java.io.IOException;
import java.net.InetSocketAddress;
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

  /** Of an egress IP that is put on its link; the fence extends it as long as there is a lease. */
  private static final AddressLifetime HELD =
      AddressLifetime.secondsNotPreferred(LeaseTerms.LEASE_MAX.toSeconds() + 1);

  /** A start takes the upper half of an incarnation, a lapse of the lease the lower. */
  private static final int LAPSE_BITS = 32;

  private static final int DIED = 70;

  private final Habits habits;

  /**
   * How the agent behaves.
   *
   * @param uplink name of the link that answers; empty for the default route's
   * @param driftInterval between two comparisons of kernel and plan
   * @param leaveTimeout for handing over egress IPs at the end
   * @param settings where the node's {@code /proc/sys} is mounted
   */
  record Habits(
      Optional<String> uplink, Duration driftInterval, Duration leaveTimeout, Path settings) {}

  AgentProcess(Habits habits) {
    this.habits = habits;
  }

  /**
   * Who the agent is and whom it belongs to.
   *
   * @param monitor where it is asked how it is
   */
  record Membership(
      NodeName node,
      List<LinkSettings.Endpoint> controllers,
      Path tls,
      State state,
      InetSocketAddress monitor) {}

  /**
   * Where the agent's starts are told apart.
   *
   * @param directory for the count of starts
   * @param bootId file with the identifier of the node's boot
   */
  record State(Path directory, Path bootId) {}

  /** Runs until the actor system ends; that it ends by itself is a failure. */
  int run(Membership membership) throws IOException, InterruptedException, ExecutionException {
    AgentLock lock = AgentLock.take(membership.state().directory());
    Incarnation incarnation =
        Incarnation.next(membership.state().bootId(), membership.state().directory());
    LOG.info(
        "agent starting node={} bootId={} incarnation={} controllers={} lock={}",
        membership.node(),
        incarnation.bootId(),
        incarnation.number(),
        membership.controllers(),
        lock);
    Precedence.DATAPATH.take(); // and with it all threads that are started from here on
    KernelThread thread = kernelThread();
    NetlinkKernel kernel =
        thread
            .executor()
            .submit(() -> NetlinkKernel.open(habits.uplink(), HELD, habits.settings()))
            .get();
    TlsFiles tls = TlsFiles.in(membership.tls(), "agent");
    LeaseKeeper lease = lease(membership.node(), incarnation, tls);
    LinkSettings link =
        new LinkSettings(
            membership.controllers(),
            tls,
            new LinkSettings.Identity(
                membership.node(), incarnation.bootId(), incarnation.number(), version()),
            new LinkSettings.Retry(LINK_RETRY, LINK_SILENCE, RandomGenerator.getDefault()));
    DriftRepairs repairs = new DriftRepairs();
    ReplicationFigures replication = new ReplicationFigures();
    ClockWatch clocks = new ClockWatch();
    PathWatch paths =
        new PathWatch(PathWatch.Pace.USUAL, RawClock::nanos, RandomGenerator.getDefault());
    NodeSurvey survey = new NodeSurvey(NodeSurvey.PERIOD, RawClock::nanos);
    AgentMonitor monitor =
        new AgentMonitor(
            new AgentMonitor.Watched(membership.node(), version(), tls),
            new AgentMonitor.Instruments(
                System::nanoTime,
                lease::remainingNanos,
                clocks::ppm,
                repairs,
                replication,
                survey.use()));
    MonitorServer server =
        MonitorServer.start(membership.monitor(), monitor.metrics(), monitor.health());
    LOG.debug("monitored at port={}", server.port());
    Behavior<NodeAgent.Message> agent =
        NodeAgent.create(
            new NodeAgent.Parts(
                kernel,
                thread,
                lease,
                repairs,
                self ->
                    ControllerLink.create(
                        new ControllerLink.Recipients(
                            self, lease, monitor, outbox -> courier(outbox, replication)),
                        link),
                new PlanListeners(monitor, paths, survey)),
            new AgentSettings(habits.driftInterval(), SETTLE, PLAN_RETRY, System::nanoTime));
    ActorSystem<NodeAgent.Message> system =
        ActorSystem.create(
            agent,
            "egressgateway-agent",
            ConfigFactory.parseResources("egressgateway-agent.conf")
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    Fence fence =
        lease
            .start(
                AgentProcess::leaseThread,
                news -> {
                  monitor.news(news);
                  system.tell(new NodeAgent.LeaseTold(news));
                })
            .toCompletableFuture()
            .get();
    clocks.start(ppm -> system.tell(new NodeAgent.ClockCompared(ppm)));
    paths.start(lost -> system.tell(new NodeAgent.PathsLost(lost)));
    survey.start(found -> system.tell(new NodeAgent.Surveyed(found)));
    new Departure(system, lease, habits.leaveTimeout()).onSignal();
    try (AutoCloseable watch =
        kernel.watch(fence.portIds(), what -> system.tell(new NodeAgent.KernelChanged(what)))) {
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

  /**
   * Takes everything of ours away.
   *
   * @throws IOException if an agent is running
   */
  int remove(Path stateDirectory) throws IOException, InterruptedException, ExecutionException {
    KernelThread thread = kernelThread();
    try (AgentLock lock = AgentLock.take(stateDirectory)) {
      KernelDelta delta = thread.executor().submit(this::clear).get();
      LOG.info("everything removed changes={} lock={}", delta.changes().size(), lock);
      return 0;
    } finally {
      thread.executor().shutdown();
    }
  }

  private KernelDelta clear() throws KernelFault {
    NftFence.requireNoOwner();
    try (NetlinkKernel kernel = NetlinkKernel.open(habits.uplink(), HELD, habits.settings())) {
      KernelNumbers numbers = kernel.numbers();
      KernelDelta cleared = Reconciliation.clear(kernel);
      kernel.forgetFlows(numbers);
      // Last: no address may stand without its gate.
      NftFence.remove();
      return cleared;
    }
  }

  private static LeaseKeeper lease(NodeName node, Incarnation incarnation, TlsFiles tls) {
    return new LeaseKeeper(
        new NodeSession(node, incarnation.bootId(), incarnation.number() << LAPSE_BITS),
        new LeaseKeeper.Setting(
            RawClock::nanos,
            Thread.ofPlatform().name("lease").daemon(true).factory(),
            WitnessClients.opener(
                new WitnessClients.Setting(
                    tls, Precedence.LEASE.threads("witnesses"), RandomGenerator.getDefault())),
            bug -> Runtime.getRuntime().halt(DIED)));
  }

  /** Runs on the lease's thread, to which all of this belongs. */
  private static LeaseKeeper.Opened leaseThread() throws KernelFault {
    Precedence.LEASE.take();
    Precedence.LEASE.giveToVirtualMachine();
    return new LeaseKeeper.Opened(
        NftFence.open(RawClock::nanos), new PacketHerald(), UplinkLookout.opener(RawClock::nanos));
  }

  private static KernelThread kernelThread() {
    return new KernelThread(
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("kernel").daemon(true).factory()));
  }

  /** Readings of many connections take their time, and nothing else may wait for them. */
  private static FlowCourier courier(FlowCourier.Outbox outbox, ReplicationFigures figures) {
    return new FlowCourier(
        Executors.newSingleThreadExecutor(Precedence.NONE.threads("flows")),
        outbox,
        new FlowCourier.Replication(
            Executors.newSingleThreadScheduledExecutor(Precedence.NONE.threads("replication")),
            figures,
            System::nanoTime));
  }

  private static String version() {
    return Optional.ofNullable(AgentProcess.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
