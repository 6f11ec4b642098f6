package io.egressgateway.policy.link;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.persistence.store.Database;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.DatabaseSettings;
import io.egressgateway.persistence.store.Schema;
import io.egressgateway.policy.entity.EngineWatch;
import io.egressgateway.policy.entity.LeaseEnvironment;
import io.egressgateway.policy.entity.PolicyEngine;
import io.egressgateway.policy.entity.PolicyEngineSettings;
import io.egressgateway.policy.entity.SpecRequest;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.testing.ObedientWitnesses;
import io.egressgateway.policy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One controller without Kubernetes: a cluster of one, a journal in a file, and the agent link. */
final class TestControlPlane implements AutoCloseable {
  /** A member leaves its cluster shard by shard, which takes a busy machine its time. */
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofMinutes(1);

  private final ActorTestKit kit;
  private final PolicyEngine engine;
  private final AgentLinkServer server;
  private final TestProbe<StatusReport> reports;
  private final ObedientWitnesses witnesses;

  private TestControlPlane(
      ActorTestKit kit,
      PolicyEngine engine,
      AgentLinkServer server,
      TestProbe<StatusReport> reports,
      ObedientWitnesses witnesses) {
    this.kit = kit;
    this.engine = engine;
    this.server = server;
    this.reports = reports;
    this.witnesses = witnesses;
  }

  static TestControlPlane start(Path directory, TestCertificates certificates) {
    return start(directory, certificates.files(certificates.controller()));
  }

  static TestControlPlane start(Path directory, TlsFiles tls) {
    try {
      DatabaseSettings database = new DatabaseSettings.EmbeddedH2(directory.resolve("journal"));
      Schema.prepare(database);
      Config config =
          ConfigFactory.parseString(
                  """
                  akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  akka.coordinated-shutdown.exit-jvm = off
                  akka.jvm-exit-on-fatal-error = off
                  akka.cluster.jmx.multi-mbeans-in-same-jvm = on
                  egressgateway.agent-link { host = "127.0.0.1", port = 0, attach-interval = 300ms }
                  egressgateway.policy-engine { retry-interval = 200ms, subscription-interval = 500ms }
                  """)
              .withFallback(PolicyEngine.clusterConfig())
              .withFallback(Database.config(database))
              .withFallback(ConfigFactory.load())
              .resolve();
      ActorTestKit kit = ActorTestKit.create("controllers", config);
      ActorSystem<?> system = kit.system();
      Cluster cluster = Cluster.get(system);
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
      ObedientWitnesses witnesses = new ObedientWitnesses();
      PolicyEngine engine =
          PolicyEngine.start(
              system,
              PolicyEngineSettings.from(config),
              new LeaseEnvironment(
                  LeaseProfile.DEFAULT.terms(), witnesses, System::nanoTime, Optional.empty()),
              EngineWatch.NOBODY);
      AgentLinkServer server =
          AgentLinkServer.start(system, engine, AgentLinkSettings.from(config, tls));
      return new TestControlPlane(kit, engine, server, kit.createTestProbe(), witnesses);
    } catch (IOException | DatabaseException impossible) {
      throw new AssertionError(impossible);
    }
  }

  PolicyEngine engine() {
    return engine;
  }

  ObedientWitnesses witnesses() {
    return witnesses;
  }

  int port() {
    return server.port();
  }

  /** Streams of agents that are open. */
  int sessions() {
    return server.sessions();
  }

  ActorRef<StatusReport> listener() {
    return reports.ref();
  }

  /** Waits for a report of this kind. */
  <R extends StatusReport> R report(Class<R> kind, Predicate<R> wanted) {
    return reports
        .fishForMessage(
            Duration.ofSeconds(20),
            report ->
                kind.isInstance(report) && wanted.test(kind.cast(report))
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore())
        .stream()
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Has every request for a spec answered by this. */
  void watch(Consumer<SpecRequest> watcher) {
    Behavior<SpecRequest> behavior =
        Behaviors.receiveMessage(
            request -> {
              watcher.accept(request);
              return Behaviors.same();
            });
    engine.requestSpecsFrom(kit.system().systemActorOf(behavior, "watcher", Props.empty()));
  }

  @Override
  public void close() {
    server.close();
    ActorTestKit.shutdown(kit.system(), SHUTDOWN_PATIENCE);
  }
}
