package io.egressgateway.load.admission;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What kube-apiserver says when it has asked the webhooks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdmissionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'true'}}}";
  private static final String PODS = "appliedTo: {podSelector: {matchLabels: {app: web}}}";

  private final KubeApi api;
  private final WebhookStage stage;
  private final KubernetesClient client;

  AdmissionIT(@TempDir Path directory) throws Exception {
    Path assets =
        KubeApi.assets()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "set %s to a folder with kube-apiserver and etcd"
                            .formatted(KubeApi.ASSETS_VARIABLE)));
    api = RealKubeApi.start(assets, directory, System.out::println);
    stage = WebhookStage.start(api);
    client = stage.client();
  }

  /** With no authority at all, which the webhooks put right; until then nothing is let in. */
  @BeforeAll
  void register() {
    stage.register("");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                refusal(gateway("probe", "{ippools: {ipv4: [x]}, " + NODES + "}"))
                    .contains("spec.ippools.ipv4[0] 'x'"));
  }

  @AfterAll
  void stop() {
    stage.close();
    api.close();
  }

  @AfterEach
  void removeAll() {
    client.resources(EgressPolicy.class).inNamespace("default").delete();
    client.resources(EgressClusterPolicy.class).delete();
    for (EgressGateway gateway : client.resources(EgressGateway.class).list().getItems()) {
      remove(gateway.getMetadata().getName());
    }
  }

  /** No controller runs that would take the finalizer away. */
  private void remove(String gateway) {
    Resource<EgressGateway> resource = client.resources(EgressGateway.class).withName(gateway);
    resource.delete();
    if (resource.get() != null) {
      resource.edit(
          object -> {
            object.getMetadata().setFinalizers(List.of());
            return object;
          });
    }
    assertThat(resource.get()).isNull();
  }

  private static EgressGateway gateway(String name, String spec) {
    return object("EgressGateway", "{name: " + name + "}", spec, EgressGateway.class);
  }

  private static EgressPolicy policy(String name, String spec) {
    return object(
        "EgressPolicy", "{name: " + name + ", namespace: default}", spec, EgressPolicy.class);
  }

  private static <T extends HasMetadata> T object(
      String kind, String metadata, String spec, Class<T> type) {
    return Serialization.unmarshal(
        "apiVersion: %s\nkind: %s\nmetadata: %s\nspec: %s"
            .formatted(ApiGroup.API_VERSION, kind, metadata, spec),
        type);
  }

  /** What the API says to the object, which it does not store; empty if it would. */
  private String refusal(HasMetadata object) {
    try {
      client.resource(object).dryRun().create();
      return "";
    } catch (KubernetesClientException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  @Test
  void completesAGatewayAndRefusesWhatIsWrong() {
    EgressGateway made =
        client
            .resource(
                gateway(
                    "gw",
                    "{ippools: {ipv4: [10.6.1.21-10.6.1.30], ipv6: ['fd00::21-fd00::2a']}, "
                        + NODES
                        + "}"))
            .create();
    assertThat(made.getMetadata().getFinalizers()).containsExactly(ApiGroup.GATEWAY_FINALIZER);
    assertThat(requireNonNull(made.getSpec().ippools()).ipv4DefaultEIP()).startsWith("10.6.1.");
    assertThat(made.getSpec().ippools().ipv6DefaultEIP()).startsWith("fd00::2");

    assertThat(refusal(gateway("other", "{ippools: {ipv4: [10.6.1.30]}, " + NODES + "}")))
        .contains("denied the request")
        .contains("also in the pool of EgressGateway gw");
    assertThat(refusal(gateway("other", "{ippools: {ipv4: [10.6.1.300]}, " + NODES + "}")))
        .contains("spec.ippools.ipv4[0] '10.6.1.300'");
    assertThat(refusal(gateway("other", "{ippools: {ipv4: [10.6.2.1]}}")))
        .contains("spec.nodeSelector.selector");
    // The whole of a /8 and a /64, in no time.
    assertThat(
            refusal(gateway("huge", "{ippools: {ipv4: [11.0.0.0/8]}, " + NODES + "}"))
                + refusal(gateway("vast", "{ippools: {ipv6: ['fd01::/64']}, " + NODES + "}")))
        .isEmpty();
  }

  @Test
  void onlyOneGatewayIsTheClusterDefault() {
    client.resource(gateway("first", "{clusterDefault: true, " + NODES + "}")).create();
    assertThat(refusal(gateway("second", "{clusterDefault: true, " + NODES + "}")))
        .contains("spec.clusterDefault 'true': EgressGateway first is the cluster default already");
  }

  @Test
  void anAddressInUseStaysInItsPool() {
    client
        .resource(gateway("gw", "{ippools: {ipv4: [10.6.1.21-10.6.1.30]}, " + NODES + "}"))
        .create();
    client
        .resources(EgressGateway.class)
        .withName("gw")
        .editStatus(
            gateway -> {
              gateway.setStatus(
                  Serialization.unmarshal(
                      "nodeList: [{name: n1, status: Ready, eips: [{ipv4: 10.6.1.22, policies:"
                          + " [{name: web, namespace: default}]}]}]",
                      EgressGateway.Status.class));
              return gateway;
            });
    assertThatThrownBy(
            () ->
                client
                    .resources(EgressGateway.class)
                    .withName("gw")
                    .edit(
                        gateway -> {
                          gateway.setSpec(
                              gateway(
                                      "gw",
                                      "{ippools: {ipv4: [10.6.1.23-10.6.1.30]}, " + NODES + "}")
                                  .getSpec());
                          return gateway;
                        }))
        .hasMessageContaining("in use by EgressPolicy default/web");
  }

  @Test
  void judgesAPolicyByItsGatewayAndKeepsItsAddress() {
    client
        .resource(gateway("gw", "{ippools: {ipv4: [10.6.1.21-10.6.1.30]}, " + NODES + "}"))
        .create();
    // At once: the webhook may not have heard of the gateway yet.
    EgressPolicy made =
        client
            .resource(
                policy("web", "{egressGatewayName: gw, egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))
            .create();
    assertThat(requireNonNull(made.getSpec().egressIP()).ipv4()).isEqualTo("10.6.1.22");

    assertThat(refusal(policy("bad", "{egressGatewayName: nowhere, " + PODS + "}")))
        .contains("no EgressGateway has this name; create it, or name one that exists: gw");
    assertThat(
            refusal(
                policy("bad", "{egressGatewayName: gw, egressIP: {ipv4: 1.1.1.1}, " + PODS + "}")))
        .contains("1.1.1.1 is not in the pool of EgressGateway gw");
    assertThat(refusal(policy("bad", "{" + PODS + "}"))).contains("no gateway is named");
    assertThat(refusal(policy("bad", "{egressGatewayName: gw, appliedTo: {}}")))
        .contains("spec.appliedTo");
    assertThatThrownBy(
            () ->
                client
                    .resource(made)
                    .edit(
                        policy -> {
                          policy.setSpec(
                              policy(
                                      "web",
                                      "{egressGatewayName: gw, egressIP: {ipv4: 10.6.1.23}, "
                                          + PODS
                                          + "}")
                                  .getSpec());
                          return policy;
                        }))
        .hasMessageContaining(
            "spec.egressIP.ipv4 '10.6.1.23': cannot be changed, it is '10.6.1.22'");
  }

  @Test
  void aPolicyWithoutAGatewayTakesItsNamespacesElseTheClusters() {
    client
        .resource(
            gateway("all", "{clusterDefault: true, ippools: {ipv4: [10.6.1.1]}, " + NODES + "}"))
        .create();
    client.resource(gateway("own", "{ippools: {ipv4: [10.6.2.1]}, " + NODES + "}")).create();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .resource(policy("a", "{" + PODS + "}"))
                            .dryRun()
                            .create()
                            .getSpec()
                            .egressGatewayName())
                    .isEqualTo("all"));
    EgressClusterPolicy wide =
        client
            .resource(
                object(
                    "EgressClusterPolicy",
                    "{name: wide}",
                    "{" + PODS + "}",
                    EgressClusterPolicy.class))
            .create();
    assertThat(wide.getSpec().egressGatewayName()).isEqualTo("all");

    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("tenant")
                .addToLabels(ApiGroup.DEFAULT_GATEWAY_LABEL, "own")
                .endMetadata()
                .build())
        .create();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              EgressPolicy asked = policy("a", "{" + PODS + "}");
              asked.getMetadata().setNamespace("tenant");
              // Nothing is stored.
              assertThat(client.resource(asked).dryRun().create().getSpec().egressGatewayName())
                  .isEqualTo("own");
            });
  }

  @Test
  void aBadObjectFromBeforeTheWebhooksCanBeLetGo() {
    EgressGateway bad = gateway("gw", "{ippools: {ipv4: [nonsense]}, " + NODES + "}");
    stage.unregister();
    await().atMost(PATIENCE).until(() -> refusal(bad).isEmpty());
    client.resource(bad).create();
    stage.register();
    await().atMost(PATIENCE).until(() -> refusal(bad).contains("spec.ippools.ipv4[0] 'nonsense'"));
    client
        .resources(EgressGateway.class)
        .withName("gw")
        .edit(
            gateway -> {
              gateway.getMetadata().setFinalizers(List.of("example.org/keep"));
              return gateway;
            });
    remove("gw");
  }

  /** No watcher runs that would write the status of the EgressClusterInfo. */
  private void show(String status) {
    EgressClusterInfo info =
        object(
            "EgressClusterInfo",
            "{name: " + EgressClusterInfo.SINGLETON + "}",
            "{}",
            EgressClusterInfo.class);
    client.resource(info).createOr(existing -> existing.update());
    info.setStatus(Serialization.unmarshal(status, EgressClusterInfo.Status.class));
    client.resource(info).patchStatus();
  }

  @Test
  void addressesOfNodesServicesAndPodsAreNotForGateways() {
    EgressGateway inSubnet =
        gateway("gw", "{ippools: {ipv4: [10.6.1.21-10.6.1.30]}, " + NODES + "}");
    assertThat(refusal(inSubnet)).isEmpty();

    show(
        """
        nodeIP: {n1: {ipv4: [10.6.1.25]}}
        clusterIP: {ipv4: [10.96.0.0/12]}
        podCIDR: {n1: {ipv4: [10.244.1.0/24]}}
        """);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(refusal(inSubnet))
                    .contains(
                        "spec.ippools.ipv4 '10.6.1.25': the own address of node n1; remove it"));
    assertThat(refusal(gateway("gw", "{ippools: {ipv4: [10.96.0.0/16]}, " + NODES + "}")))
        .contains("'10.96.0.1-10.96.255.254': among the addresses of services, 10.96.0.0/12;");
    assertThat(refusal(gateway("gw", "{ippools: {ipv4: [10.244.1.7]}, " + NODES + "}")))
        .contains("'10.244.1.7': among the addresses of pods, 10.244.1.0/24 of n1;");
    assertThat(refusal(gateway("gw", "{ippools: {ipv4: [10.6.1.21-10.6.1.24]}, " + NODES + "}")))
        .isEmpty();

    show("nodeIP: {n1: {ipv4: [10.6.1.11]}}");
    await().atMost(PATIENCE).until(() -> refusal(inSubnet).isEmpty());
  }
}
