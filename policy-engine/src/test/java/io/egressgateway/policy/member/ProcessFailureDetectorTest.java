package io.egressgateway.policy.member;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Props;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.Subscribe;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.policy.entity.PolicyEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two members, one of which ends without a word. */
class ProcessFailureDetectorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorTestKit kit = ActorTestKit.create("members", config());
  private final ActorTestKit other = ActorTestKit.create("members", config());

  /** Heartbeats are waited for so long that they cannot be what tells. */
  private static Config config() {
    return ConfigFactory.parseString(
            """
            akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            akka.cluster.failure-detector.acceptable-heartbeat-pause = 1h
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            akka.coordinated-shutdown.exit-jvm = off
            akka.cluster.run-coordinated-shutdown-when-down = off
            """)
        .withFallback(PolicyEngine.clusterConfig())
        .withFallback(ConfigFactory.load());
  }

  @AfterEach
  void stop() {
    other.shutdownTestKit();
    kit.shutdownTestKit();
  }

  @Test
  void aMemberWhoseProcessHasEndedIsUnreachableAndRemoved() {
    TestProbe<ClusterEvent.ClusterDomainEvent> events = kit.createTestProbe();
    Cluster cluster = Cluster.get(kit.system());
    cluster
        .subscriptions()
        .tell(Subscribe.create(events.ref(), ClusterEvent.ClusterDomainEvent.class));
    kit.system().systemActorOf(LifeLines.create(), "life-lines", Props.empty());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    Cluster.get(other.system()).manager().tell(Join.create(cluster.selfMember().address()));
    Member member = Cluster.get(other.system()).selfMember();
    skipTo(events, ClusterEvent.MemberUp.class, member);

    other.shutdownTestKit();

    skipTo(events, ClusterEvent.UnreachableMember.class, member);
    skipTo(events, ClusterEvent.MemberRemoved.class, member);
  }

  private static void skipTo(
      TestProbe<ClusterEvent.ClusterDomainEvent> events, Class<?> kind, Member member) {
    events.fishForMessage(
        PATIENCE,
        event ->
            kind.isInstance(event) && concerned(event).address().equals(member.address())
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private static Member concerned(ClusterEvent.ClusterDomainEvent event) {
    return switch (event) {
      case ClusterEvent.MemberEvent changed -> changed.member();
      case ClusterEvent.ReachabilityEvent reached -> reached.member();
      default -> throw new AssertionError("no member in " + event);
    };
  }
}
