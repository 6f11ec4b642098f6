package io.egressgateway.k8s.app;

import akka.Done;
import akka.actor.Address;
import akka.actor.BootstrapSetup;
import akka.actor.CoordinatedShutdown;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import akka.cluster.typed.SingletonActor;
import akka.management.javadsl.AkkaManagement;
import com.typesafe.config.Config;
import io.egressgateway.core.monitor.Health;
import io.egressgateway.core.monitor.MonitorServer;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.k8s.admission.AdmissionWebhooks;
import io.egressgateway.k8s.inspect.InspectionSetup;
import io.egressgateway.k8s.monitor.ControllerMonitor;
import io.egressgateway.k8s.status.HolderEvents;
import io.egressgateway.k8s.watch.ClusterWatcherSettings;
import io.egressgateway.persistence.health.JournalProbe;
import io.egressgateway.persistence.health.JournalPulse;
import io.egressgateway.persistence.health.PulseSetup;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.Schema;
import io.egressgateway.policy.entity.PolicyEngine;
import io.egressgateway.policy.entity.PolicyEngineSettings;
import io.egressgateway.policy.entity.WatcherMessage;
import io.egressgateway.policy.link.AgentLinkServer;
import io.egressgateway.policy.link.AgentLinkSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A controller: everything that one process runs, put together and started. */
final class ControllerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerProcess.class);

  private static final int EXIT_OK = 0;
  private static final int EXIT_FAILURE = 1;

  /** Somebody asked for the end; any other reason is the cluster's, which wants a fresh start. */
  private static final Set<CoordinatedShutdown.Reason> ORDERLY =
      Set.of(
          CoordinatedShutdown.jvmExitReason(),
          CoordinatedShutdown.actorSystemTerminateReason(),
          CoordinatedShutdown.unknownReason());

  private final ActorSystem<Void> system;
  private final URI management;
  private final Served served;

  /** Ports. */
  private record Served(int agents, int monitor) {}

  private ControllerProcess(ActorSystem<Void> system, URI management, Served served) {
    this.system = system;
    this.management = management;
    this.served = served;
  }

  /**
   * Starts a controller; returns when it listens, before it is a member of the cluster. Blocks.
   *
   * @param operator what the operator wants, as {@link ControllerConfig#operator} read it
   * @throws StartFailure saying what is wrong and what to do; the process has to end
   */
  static ControllerProcess start(Config operator) throws StartFailure {
    ControllerSettings settings = ControllerSettings.from(ControllerConfig.complete(operator));
    TlsFiles tls = tls(settings.files().tls());
    ControllerMonitor monitor = new ControllerMonitor(tls, System::nanoTime);
    KubernetesClient client =
        KubernetesConnection.open(settings.files().kubeconfig(), monitor.apiRequests());
    try {
      Ports.requireFree(settings.listening());
      Schema.prepare(settings.database());
    } catch (DatabaseException e) {
      client.close();
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    } catch (StartFailure e) {
      client.close();
      throw e;
    }
    return start(operator, settings, new Outside(client, tls, monitor));
  }

  /** What is neither configuration nor actor. */
  private record Outside(KubernetesClient client, TlsFiles tls, ControllerMonitor monitor) {}

  private static TlsFiles tls(Path directory) throws StartFailure {
    TlsFiles tls = TlsFiles.in(directory, "controller");
    if (!tls.unreadable().isEmpty()) {
      throw new StartFailure(
          "TLS files cannot be read: "
              + tls.unreadable()
              + "; put them there, or let --tls-dir name their folder");
    }
    return tls;
  }

  private static ControllerProcess start(
      Config operator, ControllerSettings settings, Outside outside) throws StartFailure {
    Executor blocking = Executors.newVirtualThreadPerTaskExecutor();
    Witnesses witnesses = Witnesses.join(settings.ownership(), outside.tls());
    WatcherState watcher = new WatcherState();
    JournalPulse pulse = new JournalPulse(System::nanoTime);
    FailoverOutlook outlook =
        new FailoverOutlook(pulse::state, witnesses.panel(), System::nanoTime);
    ActorSystem<Void> system =
        createSystem(
            HealthChecks.setup(settings.database(), blocking, watcher)
                .and(InspectionSetup.of(settings.database(), blocking))
                .and(BootstrapSetup.create(ControllerConfig.akka(operator, settings)))
                .and(new PulseSetup(pulse)));
    JournalProbe probe = JournalProbe.start(settings.database(), pulse);
    PolicyEngine engine =
        PolicyEngine.start(
            system,
            PolicyEngineSettings.from(system.settings().config()),
            witnesses.leases(System::nanoTime),
            new HolderEvents(
                outside.monitor(),
                outside.client(),
                Clock.systemUTC(),
                (delay, task) ->
                    CompletableFuture.delayedExecutor(
                            delay.toMillis(), TimeUnit.MILLISECONDS, blocking)
                        .execute(task)));
    AgentLinkServer agents = serveAgents(system, engine, outside.tls());
    URI management = serveManagement(system);
    serveWebhooks(
        system,
        settings,
        new AdmissionWebhooks.Environment(
            outside.client(),
            blocking,
            Clock.systemUTC(),
            settings.network().tunnel().subnets().families()));
    Observation observation = new Observation(system, watcher, outlook);
    outside.monitor().watch(observation, witnesses.panel(), agents::sessions);
    MonitorServer monitor =
        serveMonitor(
            settings.listening().monitor(),
            outside.monitor(),
            observation.health(HealthChecks.of(system, settings.database(), blocking, watcher)));
    closeAtShutdown(system, agents, outside.client());
    closeLast(system, monitor::close, "close-monitor");
    closeLast(system, witnesses::close, "close-witnesses");
    closeLast(system, probe::close, "close-journal-probe");
    ActorRef<WatcherMessage> watcherProxy =
        ClusterSingleton.get(system)
            .init(
                SingletonActor.of(
                    WatcherGuardian.create(
                        new WatcherGuardian.Environment(
                            outside.client(),
                            engine,
                            watching(settings),
                            blocking,
                            Clock.systemUTC(),
                            outside.monitor()),
                        watcher),
                    "cluster-watcher"));
    engine.requestSpecsFrom(watcherProxy.narrow());
    String self = Cluster.get(system).selfMember().address().hostPort();
    system.systemActorOf(
        ObstacleHerald.create(self, outlook::obstacles, watcherProxy),
        "obstacle-herald",
        Props.empty());
    joinCluster(system, settings.seeds());
    blocking.execute(() -> KubernetesConnection.rehearse(outside.client()));
    LOG.info(
        "controller started address={} agents={} management={} monitor={}",
        Cluster.get(system).selfMember().address(),
        agents.port(),
        management,
        monitor.port());
    return new ControllerProcess(system, management, new Served(agents.port(), monitor.port()));
  }

  private static ActorSystem<Void> createSystem(ActorSystemSetup setup) throws StartFailure {
    try {
      return ActorSystem.create(Behaviors.<Void>empty(), ControllerConfig.SYSTEM, setup);
    } catch (RuntimeException e) {
      throw new StartFailure(
          "Akka cannot be started ("
              + e
              + "): check --bind-host, --artery-port and the akka section of --config",
          e);
    }
  }

  private static ClusterWatcherSettings watching(ControllerSettings settings) {
    return new ClusterWatcherSettings(
        settings.network().tunnel(),
        settings.network().uplinks(),
        settings.network().clusterCidrs(),
        ClusterWatcherSettings.Cordon.KEEPS_EGRESS_IPS,
        ClusterWatcherSettings.Timing.standard());
  }

  private static AgentLinkServer serveAgents(
      ActorSystem<?> system, PolicyEngine engine, TlsFiles tls) throws StartFailure {
    try {
      return AgentLinkServer.start(
          system, engine, AgentLinkSettings.from(system.settings().config(), tls));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure(
          "agents cannot be served ("
              + e
              + "): check that the files in --tls-dir are PEM and belong together",
          e);
    }
  }

  private static MonitorServer serveMonitor(
      ControllerSettings.Monitor where, ControllerMonitor monitor, Health health)
      throws StartFailure {
    try {
      return MonitorServer.start(
          new InetSocketAddress(where.host(), where.port()), monitor.metrics(), health);
    } catch (IOException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** They take part in no cluster: a controller that has lost it still judges. */
  private static void serveWebhooks(
      ActorSystem<?> system, ControllerSettings settings, AdmissionWebhooks.Environment environment)
      throws StartFailure {
    if (settings.admission().isEmpty()) {
      return;
    }
    try {
      AdmissionWebhooks webhooks =
          AdmissionWebhooks.start(system, settings.admission().get(), environment);
      CoordinatedShutdown.get(system)
          .addTask(
              CoordinatedShutdown.PhaseServiceUnbind(),
              "close-webhooks",
              () -> closing(webhooks::close));
      LOG.info("webhooks served port={}", webhooks.port());
    } catch (IOException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static URI serveManagement(ActorSystem<?> system) throws StartFailure {
    try {
      return URI.create(AkkaManagement.get(system).start().toCompletableFuture().join().toString());
    } catch (CompletionException e) {
      throw new StartFailure(
          "the management port cannot be served ("
              + e.getCause()
              + "): choose another with --management-port",
          e);
    }
  }

  /** Agents go to another controller before this one leaves the cluster. */
  private static void closeAtShutdown(
      ActorSystem<?> system, AgentLinkServer agents, KubernetesClient client) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(), "close-agent-link", () -> closing(agents::close));
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
        "close-kubernetes-client",
        () -> closing(client::close));
  }

  /** Until the entities have moved away they may ask for votes, and others how they are. */
  private static void closeLast(ActorSystem<?> system, Runnable close, String name) {
    CoordinatedShutdown.get(system)
        .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), name, () -> closing(close));
  }

  private static CompletionStage<Done> closing(Runnable close) {
    return CompletableFuture.supplyAsync(
        () -> {
          close.run();
          return Done.getInstance();
        });
  }

  /**
   * Joins last: a member that is still loading classes does not answer in time, and would be taken
   * for dead.
   */
  private static void joinCluster(ActorSystem<?> system, List<HostPort> seeds) {
    Cluster cluster = Cluster.get(system);
    Address self = cluster.selfMember().address();
    cluster
        .manager()
        .tell(
            seeds.isEmpty()
                ? Join.create(self)
                : new JoinSeedNodes(
                    seeds.stream()
                        .map(
                            seed ->
                                new Address(
                                    self.protocol(), self.system(), seed.host(), seed.port()))
                        .toList()));
  }

  /** Of the management HTTP server. */
  URI management() {
    return management;
  }

  /** Where agents are served. */
  int agentPort() {
    return served.agents();
  }

  /** Where metrics, probes and log levels are served. */
  int monitorPort() {
    return served.monitor();
  }

  /** Returns when the controller has ended, with the exit code that says why. */
  int awaitTermination() {
    system.getWhenTerminated().toCompletableFuture().join();
    return CoordinatedShutdown.get(system)
        .getShutdownReason()
        .filter(reason -> !ORDERLY.contains(reason))
        .map(reason -> EXIT_FAILURE)
        .orElse(EXIT_OK);
  }

  /** Leaves the cluster and ends; returns when it has. */
  void stop() {
    CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.unknownReason())
        .toCompletableFuture()
        .join();
  }
}
