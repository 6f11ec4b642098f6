package io.egressgateway.load.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.CustomResourceDefinitions;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.lab.ApiObjects;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.kube.BareObjects;
import io.egressgateway.load.lab.process.Distribution;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the chart's roles for operators allow, asked of a real kube-apiserver with RBAC: every
 * command of egctl as a ServiceAccount that is bound to them. No controller runs, so an order ends
 * without an answer, but not without having been written.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("matrix")
final class OperatorRoleIT {
  private static final String ROLE = "egressgateway-operator";
  private static final String OPERATOR = "operator";
  private static final String NOBODY = "nobody";
  private static final String NAMESPACE = "default";
  private static final String NODE = "worker-node-1";

  private static final String HOLDS =
      """
      {"status": {
        "nodeList": [{"name": "worker-node-1", "status": "Ready", "eips": [
          {"ipv4": "10.6.168.201", "policies": [{"name": "web", "namespace": "default"}]}]},
          {"name": "worker-node-2", "status": "Ready"}],
        "ipUsage": {"ipv4Total": 1, "ipv4Free": 0, "ipv6Total": 0, "ipv6Free": 0}}}
      """;

  private final Path directory;
  private final KubeApi api;
  private final KubernetesClient client;

  OperatorRoleIT(@TempDir Path directory) throws Exception {
    this.directory = directory;
    Path assets =
        KubeApi.assets().orElseThrow(() -> new AssertionError(KubeApi.missingAssets().orElse("")));
    api = RealKubeApi.start(assets, directory, System.out::println);
    client = api.newClient();
    CustomResourceDefinitions.all()
        .forEach(definition -> client.resource(definition).serverSideApply());
    Charts.objects(Charts.render(Charts.FIXED)).stream()
        .filter(object -> object.getMetadata().getName().equals(ROLE))
        .forEach(role -> client.resource(role).create());
    Patience.USUAL.await("the kinds to be served", this::createObjects);
    bind();
  }

  /** It takes a moment until a kind is served. */
  private Optional<Boolean> createObjects() {
    List<HasMetadata> objects =
        List.of(
            BareObjects.node(NODE, "10.6.168.11"),
            BareObjects.pod(NAMESPACE, "web", "web", new BareObjects.Place(NODE, "10.244.1.2")));
    try {
      ApiObjects ours = new ApiObjects(client);
      if (ours.gateway("default").get() == null) {
        ours.createGateway(
            "default",
            "{ippools: {ipv4: [10.6.168.201]}, nodeSelector: {selector: {matchLabels: {a: b}}}}");
      }
      ours.createPolicy(NAMESPACE, "web", "egressGatewayName: default");
      for (HasMetadata object : objects) {
        client.resource(object).create();
        client.resource(object).patchStatus();
      }
      client
          .resources(EgressGateway.class)
          .withName("default")
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), HOLDS);
      return Optional.of(true);
    } catch (KubernetesClientException notYet) {
      return Optional.empty();
    }
  }

  private void bind() {
    for (String name : List.of(OPERATOR, NOBODY)) {
      client
          .resource(
              new ServiceAccountBuilder()
                  .withNewMetadata()
                  .withNamespace(NAMESPACE)
                  .withName(name)
                  .endMetadata()
                  .build())
          .create();
    }
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("egctl")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ROLE)
                .addNewSubject("", "ServiceAccount", OPERATOR, NAMESPACE)
                .build())
        .create();
    client
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(Charts.NAMESPACE)
                .withName("egctl")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", ROLE)
                .addNewSubject("", "ServiceAccount", OPERATOR, NAMESPACE)
                .build())
        .create();
  }

  @AfterAll
  void stop() {
    client.close();
    api.close();
  }

  private String token(String account) {
    TokenRequest wanted = new TokenRequestBuilder().withNewSpec().endSpec().build();
    return client
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName(account)
        .tokenRequest(wanted)
        .getStatus()
        .getToken();
  }

  private Config as(String account) {
    Config admin = Config.fromKubeconfig(api.kubeconfig().toFile());
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(admin.getMasterUrl())
        .withCaCertData(admin.getCaCertData())
        .withOauthToken(token(account))
        .build();
  }

  private Path kubeconfig(String account) throws IOException {
    Config config = as(account);
    return Files.writeString(
        directory.resolve(account + ".kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: it
        contexts:
        - {name: it, context: {cluster: it, user: it}}
        clusters:
        - {name: it, cluster: {server: "%s", certificate-authority-data: "%s"}}
        users:
        - {name: it, user: {token: "%s"}}
        """
            .formatted(config.getMasterUrl(), config.getCaCertData(), config.getOauthToken()));
  }

  /** What egctl ended with, and what it said. */
  private record Said(int exitCode, String text) {}

  private Said egctl(String account, String arguments) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Distribution.ofThisProcess().launcher().toString());
    line.add("egctl");
    line.addAll(List.of(arguments.split(" ")));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig(account).toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Said(process.waitFor(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "get gateways, 0, default",
    "get policies, 0, web",
    "get eips, 0, IPV4",
    "get nodes, 0, TAKES EIPS",
    "doctor, 1, default",
    "explain pod default/web, 0, web",
    "rebalance --dry-run --egressGatewayName default, 0, 0 would move",
    "drain worker-node-1, 1, still holds",
    "drain worker-node-1 --undo, 0, ''",
    "vip move --egressGatewayName default --vip 10.6.168.201 --targetNode worker-node-2, 1, no controller",
    "history policy default/web, 1, controller",
    "explain policy default/web, 0, web",
    "trace default/web 10.6.1.92, 1, controller",
    "fence worker-node-1 --machine-is-off --reason test, 1, no controller"
  })
  void allowsWhatEachCommandAsksFor(String arguments, int exitCode, String words) throws Exception {
    Said said = egctl(OPERATOR, arguments);
    assertThat(said.text()).doesNotContain("forbidden", "Exception").contains(words);
    assertThat(said.exitCode()).as(said.text()).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @CsvSource({
    "egressgateway.spidernet.io, egressgateways, create, default, ''",
    "egressgateway.spidernet.io, egressgateways, delete, default, ''",
    "egressgateway.spidernet.io, egresspolicies, create, default, ''",
    "egressgateway.spidernet.io, egresspolicies, patch, default, ''",
    "egressgateway.spidernet.io, egresstunnels, patch, default, ''",
    "'', secrets, get, kube-system, ''",
    "'', pods, create, kube-system, ''",
    "'', pods, create, kube-system, exec",
    "'', pods, create, default, portforward",
    "'', nodes, delete, '', ''"
  })
  void allowsNothingElse(
      String group, String resource, String verb, String namespace, String subresource) {
    SelfSubjectAccessReview question =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withGroup(group)
            .withResource(resource)
            .withSubresource(subresource)
            .withVerb(verb)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    try (KubernetesClient operator =
        new KubernetesClientBuilder().withConfig(as(OPERATOR)).build()) {
      assertThat(operator.resource(question).create().getStatus().getAllowed()).isFalse();
    }
  }

  @Test
  void whoIsNotAllowedReadsWhichRoleIsMissing() throws Exception {
    Said said = egctl(NOBODY, "get gateways");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text()).contains("egressgateways", "forbidden", ROLE);
  }
}
