package io.egressgateway.k8s.egctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.TestKubeconfig;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true, https = false)
class GetTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient api;

  @SuppressWarnings("NullAway.Init") // set by the extension
  @TempDir
  Path folder;

  private int exitCode;

  @BeforeEach
  void provide() throws IOException {
    TestKubeconfig.write(folder, server);
    createGateway();
    createPolicies();
    createNode("worker-1", false);
    createNode("worker-2", true);
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setMetadata(new ObjectMetaBuilder().withName("worker-1").build());
    tunnel.setStatus(
        new EgressTunnel.Status(
            null,
            null,
            "0x26010001",
            EgressTunnel.Phase.READY,
            new EgressTunnel.Tunnel("172.31.0.1", null, "66:aa:00:00:00:01", null)));
    api.resource(tunnel).create();
    EgressTunnel silent = new EgressTunnel();
    silent.setMetadata(new ObjectMetaBuilder().withName("worker-2").build());
    api.resource(silent).create();
  }

  private void createGateway() {
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("egw1").build());
    gateway.setSpec(new EgressGateway.Spec(null, true, null, null, null, null, null));
    gateway.setStatus(
        new EgressGateway.Status(
            List.of(ready("True", "Served", "all is well")),
            new EgressGateway.IpUsage(8, 10, 0, 0),
            List.of(
                new EgressGateway.NodeStatus(
                    List.of(
                        new EgressGateway.Eip(
                            "10.6.1.21",
                            null,
                            List.of(
                                new EgressGateway.PolicyReference("web", "shop"),
                                new EgressGateway.PolicyReference("all", null)))),
                    "worker-1",
                    "Ready"),
                new EgressGateway.NodeStatus(null, "worker-2", "Failed")),
            1L));
    api.resource(gateway).create();
  }

  private void createPolicies() {
    EgressPolicy policy = new EgressPolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName("web").build());
    policy.setStatus(
        new EgressPolicy.Status(
            List.of(ready("False", "PoolExhausted", "no address is free")),
            new EgressPolicy.Eip("10.6.1.21", null),
            "worker-1",
            1L));
    api.resource(policy).create();
    EgressClusterPolicy wide = new EgressClusterPolicy();
    wide.setMetadata(new ObjectMetaBuilder().withName("all").build());
    api.resource(wide).create();
  }

  private void createNode(String name, Boolean cordoned) {
    api.resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withUnschedulable(cordoned)
                .endSpec()
                .build())
        .create();
  }

  private static StatusCondition ready(String status, String reason, String message) {
    return new StatusCondition("2026-01-01T00:00:00Z", message, 1L, reason, status, "Ready");
  }

  private String get(String... arguments) {
    StringWriter out = new StringWriter();
    List<String> line = new ArrayList<>(List.of("get"));
    line.addAll(Arrays.asList(arguments));
    line.addAll(List.of("--kubeconfig", folder.resolve("kubeconfig").toString()));
    exitCode =
        EgctlMain.commandLine(
                new EgctlMain(() -> "order-1", Duration.ZERO, Duration.ZERO, () -> false))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(line.toArray(String[]::new));
    return out.toString();
  }

  @Test
  void gateways() {
    assertThat(get("gateways"))
        .isEqualTo(
            """
            NAME   DEFAULT   NODES   READY NODES   EIPS   FREE IPV4   FREE IPV6   STATE
            egw1   yes       2       1             1      8           0           Ready
            """);
    assertThat(get("gateways", "-o", "wide")).contains("STATE   MESSAGE\n", "all is well\n");
    assertThat(exitCode).isZero();
  }

  @Test
  void policiesOfBothKindsAndWhyOneIsNotReady() {
    assertThat(get("policies"))
        .isEqualTo(
            """
            NAMESPACE   NAME   GATEWAY   IPV4        IPV6   NODE       STATE
            -           all    -         -           -      -          Unknown
            shop        web    -         10.6.1.21   -      worker-1   PoolExhausted
            """);
    assertThat(get("policies", "-o", "wide")).contains("PoolExhausted   no address is free\n");
  }

  @Test
  void egressIpsAndWhoUsesThem() {
    assertThat(get("eips"))
        .isEqualTo(
            """
            IPV4        IPV6   GATEWAY   NODE       NODE STATE   POLICIES
            10.6.1.21   -      egw1      worker-1   Ready        2
            """);
    assertThat(get("eips", "-o", "wide")).contains("2          all,shop/web\n");
  }

  @Test
  void nodesAndTheirEndsOfTheTunnel() {
    assertThat(get("nodes"))
        .isEqualTo(
            """
            NAME       PHASE   TAKES EIPS   GATEWAYS   EIPS
            worker-1   Ready   yes          egw1       1
            worker-2   -       no           egw1       0
            """);
    assertThat(get("nodes", "-o", "wide"))
        .contains("172.31.0.1", "66:aa:00:00:00:01", "0x26010001");
  }

  @Test
  void programsReadTheObjectsOfTheApi() {
    assertThat(kinds(get("policies", "-o", "json")))
        .containsExactly("EgressClusterPolicy", "EgressPolicy");
    assertThat(kinds(get("eips", "-o", "yaml"))).containsExactly("EgressGateway");
    assertThat(kinds(get("nodes", "-o", "yaml"))).containsExactly("EgressTunnel", "EgressTunnel");
  }

  private static List<String> kinds(String list) {
    return Serialization.unmarshal(list, KubernetesList.class).getItems().stream()
        .map(HasMetadata::getKind)
        .toList();
  }

  @Test
  void whatIsNotThereToShowIsWrongUsage() {
    get("pods");
    assertThat(exitCode).isEqualTo(2);
    get("gateways", "-o", "xml");
    assertThat(exitCode).isEqualTo(2);
  }
}
