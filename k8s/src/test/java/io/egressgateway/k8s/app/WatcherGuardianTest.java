package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.k8s.app.KubernetesConnection.Unusable;
import io.egressgateway.k8s.app.KubernetesConnection.Usability;
import io.egressgateway.k8s.app.KubernetesConnection.Usable;
import io.egressgateway.k8s.status.StatusWatch;
import io.egressgateway.k8s.watch.ClusterWatcherSettings;
import io.egressgateway.k8s.watch.UplinkRules;
import io.egressgateway.policy.domain.NumberSpace;
import io.egressgateway.policy.entity.EipEntity;
import io.egressgateway.policy.entity.EntityDirectory;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.NodeEntity;
import io.egressgateway.policy.entity.NumberingEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guardian and checks that find what they are told to find. */
class WatcherGuardianTest {
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final long PATIENCE_SECONDS = 30;
  private static final Usability USABLE = new Usable();
  private static final Usability UNUSABLE = new Unusable("it is away");

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  akka.actor.provider = cluster
                  akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  akka.coordinated-shutdown.exit-jvm = off
                  akka.jvm-exit-on-fatal-error = off
                  """)
              .withFallback(ConfigFactory.load()));

  /** Nothing is listed, so that no entity is talked to. */
  private final KubernetesClient nowhere =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder()
                  .withMasterUrl("http://127.0.0.1:1")
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .build();

  private final WatcherState state = new WatcherState();

  /** What the state says when a check begins: what comes of all checks before it. */
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private final BlockingQueue<Usability> answers = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    answers.add(USABLE);
    kit.shutdownTestKit();
    nowhere.close();
  }

  private Usability check() {
    said.add(state.isApiUsable() ? "usable" : "unusable");
    try {
      return Optional.ofNullable(answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).orElse(USABLE);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return USABLE;
    }
  }

  private void start() {
    kit.spawn(
        WatcherGuardian.create(
            new WatcherGuardian.Environment(
                nowhere,
                new NoEntities(),
                new ClusterWatcherSettings(
                    new TunnelSettings(
                        "egress.vxlan",
                        100,
                        7789,
                        new TunnelSettings.Subnets(
                            Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty())),
                    UplinkRules.NONE,
                    CidrSet.empty(),
                    ClusterWatcherSettings.Cordon.KEEPS_EGRESS_IPS,
                    ClusterWatcherSettings.Timing.standard()),
                Executors.newVirtualThreadPerTaskExecutor(),
                Clock.systemUTC(),
                StatusWatch.NOBODY),
            state,
            new WatcherGuardian.Checks(this::check, INTERVAL)));
  }

  /** What the state says after each of the answers. */
  private List<String> after(Usability... given) throws InterruptedException {
    List<String> found = new ArrayList<>();
    for (Usability answer : given) {
      answers.add(answer);
      found.add(String.valueOf(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)));
    }
    return found;
  }

  private void startAndWait() throws InterruptedException {
    start();
    assertThat(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("unusable");
  }

  @Test
  void anApiThatGoesOnceTheWatcherRunsIsLostAfterTwoChecks() throws InterruptedException {
    startAndWait();
    assertThat(after(UNUSABLE, USABLE)).containsExactly("unusable", "usable");
    assertThat(after(UNUSABLE, UNUSABLE, UNUSABLE))
        .containsExactly("usable", "unusable", "unusable");
    assertThat(state.step()).as("nobody is unready for it").isEqualTo(WatcherState.Step.LISTING);
    assertThat(after(USABLE)).containsExactly("usable");
  }

  @Test
  void oneCheckThatFailsIsNoLoss() throws InterruptedException {
    startAndWait();
    assertThat(after(USABLE, UNUSABLE, USABLE, UNUSABLE, USABLE)).containsOnly("usable");
  }

  private static final class NoEntities implements EntityDirectory {
    @Override
    public EntityRef<PolicyEntity.Command> policy(PolicyKey policy) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EntityRef<GatewayEntity.Command> gateway(GatewayName gateway) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EntityRef<EipEntity.Command> eip(IpAddress address) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EntityRef<NodeEntity.Command> node(NodeName node) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EntityRef<NumberingEntity.Command> numbering(NumberSpace space) {
      throw new UnsupportedOperationException();
    }
  }
}
