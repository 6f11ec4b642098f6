package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.egressgateway.k8s.TestKubeconfig;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.policy.entity.Condition;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true, https = false)
class ControllerProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Logs every request; held, since loggers are collected with their levels. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  @BeforeAll
  static void beQuiet() {
    REQUESTS.setLevel(Level.WARNING);
  }

  @BeforeEach
  void provide() throws IOException {
    TestTls.write(folder.resolve("tls"));
    TestKubeconfig.write(folder, server);
  }

  private Config operator(String more) {
    return ConfigFactory.parseString(more)
        .withFallback(
            ConfigFactory.parseString(
                """
                akka.coordinated-shutdown.exit-jvm = off
                akka.jvm-exit-on-fatal-error = off
                egressgateway.witnesses = ["127.0.0.1:1"]
                egressgateway.controller {
                  artery-port = 0, management-port = 0, agent-port = 0, monitor-port = 0
                  kubeconfig = "%1$s/kubeconfig", tls-dir = "%1$s/tls", data-dir = "%1$s/data"
                }
                """
                    .formatted(folder)));
  }

  private static HttpResponse<String> get(URI base, String path)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Waits until it is all over: whoever still writes would do so into a folder that is removed. */
  private static void end(ControllerProcess controller) {
    controller.stop();
    assertThat(controller.awaitTermination()).isZero();
  }

  private void createNodeAndGateway() {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("worker-1")
                .addToLabels("egress", "true")
                .endMetadata()
                .withNewStatus()
                .addNewAddress()
                .withType("InternalIP")
                .withAddress("10.6.168.11")
                .endAddress()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("default").build());
    gateway.setSpec(
        new EgressGateway.Spec(
            null,
            null,
            null,
            null,
            new EgressGateway.IpPools(List.of("10.6.168.999"), null, null, null),
            null,
            null));
    client.resource(gateway).create();
  }

  @Test
  void aControllerBecomesReadyAndTellsWhatItFound() throws Exception {
    ControllerProcess controller = ControllerProcess.start(operator(""));
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(get(controller.management(), "/ready").statusCode()).isEqualTo(200));
      assertThat(get(controller.management(), "/alive").statusCode()).isEqualTo(200);
      assertThat(get(controller.management(), "/cluster/members").body()).contains("\"Up\"");
      assertThat(get(controller.management(), "/cluster/shards/gateway").statusCode())
          .isEqualTo(200);
      assertThat(controller.agentPort()).isPositive();
      assertThat(get(controller.management(), "/history/eip/10.6.168.21").statusCode())
          .isEqualTo(404);
      assertThat(get(controller.management(), "/history/policy/EgressPolicy/shop/web").body())
          .contains("EgressPolicy/shop/web was never accepted");
      assertThat(get(controller.management(), "/history/eip/10.6.168.999").statusCode())
          .isEqualTo(400);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(controller.management(), "/placement/default/10.6.168.21").body())
                      .contains("\"holding\":\"Unplaced\""));
      URI monitor = URI.create("http://127.0.0.1:" + controller.monitorPort());
      assertThat(get(monitor, "/readyz").body()).isEqualTo("ok\n");
      assertThat(get(monitor, "/metrics").body())
          .contains("egressgateway_controller_members{state=\"up\"} 1.0")
          .contains("egressgateway_controller_watcher{step=\"synced\"} 1.0")
          .contains("egressgateway_controller_witnesses{state=\"reached\"} 0.0")
          .contains("egressgateway_controller_failover_blocked{reason=\"JournalUnavailable\"} 0.0")
          .contains("egressgateway_kubernetes_requests_total{code=\"200\",method=\"GET\"}")
          .contains("method=\"WATCH\"");

      createNodeAndGateway();

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(gatewayReason()).isEqualTo("InvalidSpec");
                assertThat(client.resources(EgressTunnel.class).withName("worker-1").get())
                    .isNotNull();
              });
    } finally {
      end(controller);
    }
  }

  private String gatewayReason() {
    EgressGateway.Status status =
        client.resources(EgressGateway.class).withName("default").get().getStatus();
    return status == null || status.conditions() == null
        ? "none"
        : status.conditions().stream()
            .filter(condition -> condition.type().equals(Condition.READY))
            .map(StatusCondition::reason)
            .findFirst()
            .orElse("none");
  }

  private void refused(String operator, String... named) {
    assertThatThrownBy(() -> ControllerProcess.start(operator(operator)))
        .isInstanceOf(StartFailure.class)
        .hasMessageContainingAll(named);
  }

  @Test
  void missingTlsFilesAreNamed() {
    refused(
        "egressgateway.controller.tls-dir = /nowhere",
        "/nowhere/ca.crt",
        "/nowhere/controller.crt",
        "/nowhere/controller.key",
        "--tls-dir");
  }

  @Test
  void anEmbeddedWitnessNeedsItsNameInTheCertificate() {
    refused(
        "egressgateway { witnesses = [], embedded-witness = 1 }",
        "witness.egressgateway",
        "controller.crt",
        "egressgateway witness");
  }

  @Test
  void anEmbeddedWitnessIsServed() throws Exception {
    TestTls.write(folder.resolve("tls"), "witness.egressgateway");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ControllerProcess controller =
        ControllerProcess.start(
            operator("egressgateway { witnesses = [], embedded-witness = " + port + " }"));
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(connection.isConnected()).isTrue();
    } finally {
      end(controller);
    }
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    refused("egressgateway.controller.kubeconfig = /nowhere", "/nowhere", "--kubeconfig");
  }

  @Test
  void aMalformedKubeconfigIsNamed() throws IOException {
    Files.writeString(folder.resolve("kubeconfig"), "{[");

    refused("", folder.resolve("kubeconfig").toString(), "malformed");
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused(
          "egressgateway.controller.agent-port = " + taken.getLocalPort(),
          "127.0.0.1:" + taken.getLocalPort(),
          "--agent-port");
    }
  }

  /** As in a pod, whose name is not the loopback's. */
  @Test
  void theLogLevelIsChangedFromTheLoopbackWhateverTheHostIs() throws Exception {
    String local = "127.0.0.2";
    ControllerProcess controller =
        ControllerProcess.start(
            operator(
                "egressgateway.controller { bind-host = %s, monitor-host = 0.0.0.0 }"
                    .formatted(local)));
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI level =
          URI.create(
              "http://127.0.0.1:%d/loglevel?level=info&logger=io.egressgateway.sample"
                  .formatted(controller.monitorPort()));
      assertThat(
              http.send(
                      HttpRequest.newBuilder(level)
                          .PUT(HttpRequest.BodyPublishers.noBody())
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    } finally {
      end(controller);
    }
  }

  @Test
  void aDatabaseThatIsAwayIsNamed() {
    refused(
        "egressgateway.database.url = \"jdbc:postgresql://127.0.0.1:1/egw\"", "127.0.0.1:1/egw");
  }

  @Test
  void anApiThatIsAwayIsWaitedFor() throws Exception {
    client.close();
    server.destroy();
    ControllerProcess controller = ControllerProcess.start(operator(""));
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(controller.management(), "/ready").body())
                      .contains("Kubernetes API is not usable yet"));
      assertThat(get(controller.management(), "/alive").statusCode()).isEqualTo(200);
    } finally {
      end(controller);
    }
  }
}
