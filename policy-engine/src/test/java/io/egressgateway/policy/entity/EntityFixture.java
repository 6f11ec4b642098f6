package io.egressgateway.policy.entity;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.testing.ObedientWitnesses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** One entity on an in-memory journal; all the others are probes. */
final class EntityFixture implements EntityDirectory, AutoCloseable {
  static final PolicyEngineSettings SETTINGS =
      new PolicyEngineSettings(
          Duration.ofMillis(100),
          Duration.ofSeconds(20),
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(60));

  /** Longer than the suspicion, short for a test. */
  static final Duration CONTROL_STALE_TIMEOUT = Duration.ofSeconds(1);

  private Optional<Duration> controlStaleTimeout = Optional.empty();
  private final ActorTestKit kit;
  final PersistenceTestKit journal;
  final TestProbe<PolicyEntity.Command> policies;
  final TestProbe<GatewayEntity.Command> gateways;
  final TestProbe<EipEntity.Command> eips;
  final TestProbe<NodeEntity.Command> nodes;
  final TestProbe<NumberingEntity.Command> numbers;
  final TestProbe<SpecDesk.Command> desk;
  final TestProbe<StatusReport> reports;
  final TestProbe<AgentOffer> session;
  final ObedientWitnesses witnesses = new ObedientWitnesses();

  private final RecordedWatch watch = new RecordedWatch();

  EntityFixture() {
    kit =
        ActorTestKit.create(
            "entity",
            ConfigFactory.parseString(
                    """
                    akka.persistence.typed.stash-capacity = 256
                    akka.jvm-exit-on-fatal-error = off
                    akka.actor.testkit.typed.single-expect-default = 20s
                    """)
                .withFallback(PersistenceTestKitPlugin.getInstance().config())
                .withFallback(ConfigFactory.load()));
    journal = PersistenceTestKit.create(kit.system());
    policies = kit.createTestProbe();
    gateways = kit.createTestProbe();
    eips = kit.createTestProbe();
    nodes = kit.createTestProbe();
    numbers = kit.createTestProbe();
    desk = kit.createTestProbe();
    reports = kit.createTestProbe();
    session = kit.createTestProbe();
  }

  /** What the entities say to whoever watches. */
  RecordedWatch watch() {
    return watch;
  }

  EntityEnvironment environment() {
    return new EntityEnvironment(
        this,
        SETTINGS,
        desk.ref(),
        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
        new LeaseEnvironment(
            LeaseProfile.DEFAULT.terms(), witnesses, System::nanoTime, controlStaleTimeout),
        watch);
  }

  /** Entities that are started from now on dismiss nodes that are not heard of. */
  void dismissTheUnheard() {
    controlStaleTimeout = Optional.of(CONTROL_STALE_TIMEOUT);
  }

  <C> ActorRef<C> start(Behavior<C> behavior) {
    return kit.spawn(behavior);
  }

  void stop(ActorRef<?> entity) {
    kit.stop(entity);
  }

  <C> TestProbe<C> probe() {
    return kit.createTestProbe();
  }

  /** Asks a number space for the number of {@code node-1}; empty if it does not answer soon. */
  Optional<NumberingEntity.Reply> ask(ActorRef<NumberingEntity.Command> entity) {
    return AskPattern.<NumberingEntity.Command, NumberingEntity.Reply>ask(
            entity,
            replyTo -> new NumberingEntity.Assign("node-1", replyTo),
            Duration.ofSeconds(1),
            kit.scheduler())
        .handle((reply, failure) -> Optional.ofNullable(reply))
        .toCompletableFuture()
        .join();
  }

  @Override
  public EntityRef<PolicyEntity.Command> policy(PolicyKey policy) {
    return TestEntityRef.of(PolicyEntity.TYPE, policy.toString(), policies.ref());
  }

  @Override
  public EntityRef<GatewayEntity.Command> gateway(GatewayName gateway) {
    return TestEntityRef.of(GatewayEntity.TYPE, gateway.toString(), gateways.ref());
  }

  @Override
  public EntityRef<EipEntity.Command> eip(IpAddress address) {
    return TestEntityRef.of(EipEntity.TYPE, address.toString(), eips.ref());
  }

  @Override
  public EntityRef<NodeEntity.Command> node(NodeName node) {
    return TestEntityRef.of(NodeEntity.TYPE, node.toString(), nodes.ref());
  }

  @Override
  public EntityRef<NumberingEntity.Command> numbering(NumberSpace space) {
    return TestEntityRef.of(NumberingEntity.TYPE, space.key(), numbers.ref());
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
