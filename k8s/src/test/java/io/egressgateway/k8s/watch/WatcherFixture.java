package io.egressgateway.k8s.watch;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.SelectorTerms;
import io.egressgateway.k8s.status.StatusWriter;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/** A watcher of a stand-in API, and whom it tells. */
abstract class WatcherFixture {

  static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MESSAGES_MAX = 1_000;

  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(),
          false);
  final KubernetesClient api;
  final ActorTestKit testKit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  akka.actor.provider = cluster
                  akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  akka.coordinated-shutdown.exit-jvm = off
                  akka.jvm-exit-on-fatal-error = off
                  akka.loglevel = WARNING
                  """)
              .withFallback(ConfigFactory.load()));
  final EntityProbes entities = new EntityProbes(testKit);
  final TestProbe<StatusWriter.Command> statusWriter =
      testKit.createTestProbe(StatusWriter.Command.class);

  WatcherFixture() {
    server.init();
    api = server.createClient();
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
    api.close();
    server.destroy();
  }

  ActorRef<ClusterWatcher.Command> startWatcher() {
    return testKit.spawn(
        ClusterWatcher.create(Given.settings(), api, entities, statusWriter.ref()));
  }

  void createNode(String name, String address, String... podCidrs) {
    api.nodes()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("egressgateway", "true")
                .endMetadata()
                .withNewSpec()
                .withPodCIDRs(podCidrs)
                .endSpec()
                .withNewStatus()
                .addNewAddress(address, "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
  }

  static Pod pod(String name, String address) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .addToLabels("app", "test-app")
        .endMetadata()
        .withNewSpec()
        .withNodeName("worker-node-1")
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(address)
        .endStatus()
        .build();
  }

  void createPod(String name, String address) {
    api.pods().resource(pod(name, address)).create();
  }

  void createGateway(String pool) {
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("default").build());
    gateway.setSpec(
        new EgressGateway.Spec(
            null,
            null,
            null,
            null,
            new EgressGateway.IpPools(List.of(pool), null, null, null),
            new EgressGateway.NodeSelector(
                null, new SelectorTerms(null, Map.of("egressgateway", "true"))),
            null));
    api.resource(gateway).create();
  }

  void createPolicy(String gateway) {
    createPolicy("test", gateway);
  }

  void createPolicy(String name, String gateway) {
    EgressPolicy policy = new EgressPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName(name).build());
    policy.setSpec(
        new EgressPolicy.Spec(
            new EgressPolicy.AppliedTo(new SelectorTerms(null, Map.of("app", "test-app")), null),
            null,
            gateway,
            null,
            null,
            null));
    api.resource(policy).create();
  }

  void createTheGuide() {
    createNode("worker-node-1", "10.6.168.11");
    createGateway("10.6.168.201-10.6.168.205");
    createPod("test-app-1", "10.244.1.2");
    createPolicy("default");
  }

  /** The first message from which {@code find} makes something. */
  static <M, T> T expect(TestProbe<M> probe, Function<M, Optional<T>> find) {
    Optional<T> found = Optional.empty();
    for (int received = 0; found.isEmpty() && received < MESSAGES_MAX; received++) {
      found = find.apply(probe.receiveMessage(LIMIT));
    }
    return found.orElseThrow();
  }

  static <M, T extends M> T expect(TestProbe<M> probe, Class<T> type) {
    return expect(probe, message -> Optional.of(message).filter(type::isInstance).map(type::cast));
  }
}
