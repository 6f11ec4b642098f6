package io.egressgateway.load.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import io.egressgateway.core.tls.CertificateNames;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.k8s.app.CleanupMain;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart on a real API server. There is no kubelet: objects are judged, nothing runs. */
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartIT {
  private static final List<String> SECRETS =
      List.of(
          "egressgateway-ca",
          "egressgateway-controller-server-certs",
          "egressgateway-witness-certs");

  private final Path directory;
  private final KubeApi api;
  private final KubernetesClient client;

  ChartIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    Path assets =
        KubeApi.assets()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "set %s to a folder with kube-apiserver, etcd and kube-controller-manager"
                            .formatted(KubeApi.ASSETS_VARIABLE)));
    api = RealKubeApi.start(assets, directory, System.out::println);
    client = api.newClient();
  }

  @AfterAll
  void stop() throws Exception {
    client.close();
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "production", "guide"})
  void theServerTakesEveryManifest(String scenario) throws Exception {
    try (Stream<Path> definitions = Files.list(Charts.chart().resolve("crds"))) {
      for (Path definition : definitions.toList()) {
        client.load(Files.newInputStream(definition)).serverSideApply();
      }
    }
    Patience.USUAL.await("the kinds", this::kinds);
    for (HasMetadata object :
        Charts.objects(Charts.render(ChartTest.scenario(scenario), served()))) {
      client.resource(object).dryRun().forceConflicts().serverSideApply();
    }
  }

  private String served() {
    return client.getKubernetesVersion().getGitVersion();
  }

  private Optional<APIResourceList> kinds() {
    return Optional.ofNullable(client.getApiResources("egressgateway.spidernet.io/v1beta1"))
        .filter(
            served ->
                served.getResources().stream()
                    .anyMatch(kind -> kind.getKind().equals("EgressClusterInfo")));
  }

  /** No controller ever answers here: nothing that Helm or the cleanup does may wait for one. */
  @Test
  void installUpgradeUninstall() throws Exception {
    InstallCommand install =
        Charts.helm()
            .install()
            .withName(Charts.RELEASE)
            .withNamespace(Charts.NAMESPACE)
            .withKubeConfig(api.kubeconfig())
            .set("controller.webhook.install", "false");
    assertThat(install.call().getStatus()).isEqualTo("deployed");
    Map<String, Map<String, String>> made = secrets();
    assertCertificates(made);
    assertThat(replicas()).isEqualTo(1);
    assertThat(clusterInfo().getSpec()).isNotNull();
    client.resource(gatewayWithFinalizer("held")).create();

    assertThat(upgrade().call().getRevision()).isEqualTo("2");
    assertThat(secrets()).as("certificates are kept over an upgrade").isEqualTo(made);
    assertThat(replicas()).isEqualTo(3);
    Patience.USUAL.await("changes to be refused while no controller answers", this::refusal);

    String authority = requireNonNull(requireNonNull(made.get(SECRETS.getFirst())).get("tls.crt"));
    trust(authority);
    assertThat(upgrade().set("feature.clusterCIDR.extraCidr[0]", "10.96.0.0/12").call())
        .extracting(Release::getRevision)
        .isEqualTo("3");
    assertThat(authorities())
        .as("what controllers wrote is kept over an upgrade")
        .containsExactly(authority, authority);
    assertThat(requireNonNull(clusterInfo().getSpec()).extraCidr()).containsExactly("10.96.0.0/12");

    assertThat(
            CleanupMain.commandLine()
                .execute(
                    "--kubeconfig",
                    api.kubeconfig().toString(),
                    "--webhook",
                    "egressgateway-controller",
                    "--patience",
                    "5"))
        .isZero();
    assertThat(authorities()).isEmpty();
    assertThat(client.resources(EgressGateway.class).list().getItems()).isEmpty();
    assertThat(client.resources(EgressClusterInfo.class).list().getItems()).isEmpty();

    // The hook's job needs a kubelet; what it does was done above.
    Helm.uninstall(Charts.RELEASE)
        .withNamespace(Charts.NAMESPACE)
        .withKubeConfig(api.kubeconfig())
        .noHooks()
        .call();
    assertThat(ours()).isEmpty();
  }

  private UpgradeCommand upgrade() {
    return Charts.helm()
        .upgrade()
        .withName(Charts.RELEASE)
        .withNamespace(Charts.NAMESPACE)
        .withKubeConfig(api.kubeconfig())
        .set("database.url", "jdbc:postgresql://db.example:5432/egressgateway");
  }

  private EgressClusterInfo clusterInfo() {
    return client.resources(EgressClusterInfo.class).withName("default").require();
  }

  private Optional<String> refusal() {
    try {
      client.resource(gatewayWithFinalizer("refused")).dryRun().create();
      return Optional.empty();
    } catch (KubernetesClientException refused) {
      return Optional.of(String.valueOf(refused.getMessage()))
          .filter(message -> message.contains("egressgateway.egressgateway.spidernet.io"));
    }
  }

  /** As controllers do. */
  private void trust(String authority) {
    var apis = client.admissionRegistration().v1();
    apis.validatingWebhookConfigurations()
        .withName("egressgateway-controller")
        .edit(
            found -> {
              found.getWebhooks().forEach(one -> one.getClientConfig().setCaBundle(authority));
              return found;
            });
    apis.mutatingWebhookConfigurations()
        .withName("egressgateway-controller")
        .edit(
            found -> {
              found.getWebhooks().forEach(one -> one.getClientConfig().setCaBundle(authority));
              return found;
            });
  }

  private List<String> authorities() {
    var apis = client.admissionRegistration().v1();
    return Stream.concat(
            apis.validatingWebhookConfigurations().list().getItems().stream()
                .flatMap(one -> one.getWebhooks().stream())
                .map(one -> one.getClientConfig().getCaBundle()),
            apis.mutatingWebhookConfigurations().list().getItems().stream()
                .flatMap(one -> one.getWebhooks().stream())
                .map(one -> one.getClientConfig().getCaBundle()))
        .toList();
  }

  /** What Helm makes is what the processes read, under the names that they ask for. */
  private void assertCertificates(Map<String, Map<String, String>> secrets) throws IOException {
    TlsCredentials controller = credentials(secrets, SECRETS.get(1), "controller");
    assertThat(CertificateNames.of(controller.chain().getFirst()).dnsNames())
        .contains("controller.egressgateway", "egressgateway-controller.kube-system.svc");
    assertThat(((X509ExtendedKeyManager) controller.keyManager()).getPrivateKey("own")).isNotNull();
    TlsCredentials witness = credentials(secrets, SECRETS.get(2), "witness");
    assertThat(CertificateNames.of(witness.chain().getFirst()).dnsNames())
        .contains("witness.egressgateway");
    assertThat(((X509ExtendedKeyManager) witness.keyManager()).getPrivateKey("own")).isNotNull();
    assertThat(credentials(secrets, SECRETS.get(0), "tls").chain().getFirst())
        .isEqualTo(controller.trusted().getFirst());
  }

  private TlsCredentials credentials(
      Map<String, Map<String, String>> secrets, String name, String role) throws IOException {
    Map<String, String> secret = requireNonNull(secrets.get(name));
    Path folder = Files.createDirectories(directory.resolve(role));
    TlsFiles files = TlsFiles.in(folder, role);
    Files.write(files.ca(), Base64.getDecoder().decode(secret.get("ca.crt")));
    Files.write(files.certificate(), Base64.getDecoder().decode(secret.get("tls.crt")));
    Files.write(files.key(), Base64.getDecoder().decode(secret.get("tls.key")));
    return TlsCredentials.read(files);
  }

  private Map<String, Map<String, String>> secrets() {
    Map<String, Map<String, String>> contents = new java.util.TreeMap<>();
    for (String name : SECRETS) {
      Secret secret = client.secrets().inNamespace(Charts.NAMESPACE).withName(name).require();
      contents.put(name, secret.getData());
    }
    return contents;
  }

  private int replicas() {
    StatefulSet controllers =
        client
            .apps()
            .statefulSets()
            .inNamespace(Charts.NAMESPACE)
            .withName("egressgateway-controller")
            .require();
    return controllers.getSpec().getReplicas();
  }

  private static GenericKubernetesResource gatewayWithFinalizer(String name) {
    GenericKubernetesResource gateway = new GenericKubernetesResource();
    gateway.setApiVersion("egressgateway.spidernet.io/v1beta1");
    gateway.setKind("EgressGateway");
    gateway.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withFinalizers("egressgateway.spidernet.io/egressgateway")
            .build());
    gateway.setAdditionalProperty(
        "spec",
        Map.of(
            "ippools", Map.of("ipv4", List.of("10.6.1.1")),
            "nodeSelector", Map.of("selector", Map.of("matchLabels", Map.of("egress", "true")))));
    return gateway;
  }

  private List<String> ours() {
    return Stream.of(
            client.apps().statefulSets().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.apps().daemonSets().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.services().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.secrets().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.configMaps().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.rbac().clusterRoles().list().getItems(),
            client.rbac().clusterRoleBindings().list().getItems(),
            client.rbac().roles().inAnyNamespace().list().getItems(),
            client.rbac().roleBindings().inAnyNamespace().list().getItems())
        .flatMap(List::stream)
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .filter(name -> name.contains("/egressgateway"))
        .toList();
  }
}
