package io.egressgateway.load.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.UpgradeCommand;
import io.egressgateway.core.tls.CertificateNames;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.k8s.app.CleanupMain;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart on a real API server. There is no kubelet: objects are judged, nothing runs. */
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
  void theServerTakesEveryManifest(String scenario) {
    for (HasMetadata object : Charts.objects(Charts.render(ChartTest.scenario(scenario)))) {
      client.resource(object).dryRun().forceConflicts().serverSideApply();
    }
  }

  @Test
  void installUpgradeUninstall() throws Exception {
    InstallCommand install =
        Charts.helm()
            .install()
            .withName(Charts.RELEASE)
            .withNamespace(Charts.NAMESPACE)
            .withKubeConfig(api.kubeconfig());
    assertThat(install.call().getStatus()).isEqualTo("deployed");
    Map<String, Map<String, String>> made = secrets();
    assertCertificates(made);
    assertThat(replicas()).isEqualTo(1);

    UpgradeCommand upgrade =
        Charts.helm()
            .upgrade()
            .withName(Charts.RELEASE)
            .withNamespace(Charts.NAMESPACE)
            .withKubeConfig(api.kubeconfig())
            .set("database.url", "jdbc:postgresql://db.example:5432/egressgateway");
    assertThat(upgrade.call().getRevision()).isEqualTo("2");
    assertThat(secrets()).as("certificates are kept over an upgrade").isEqualTo(made);
    assertThat(replicas()).isEqualTo(3);

    gatewayWithFinalizer();
    assertThat(
            CleanupMain.commandLine()
                .execute("--kubeconfig", api.kubeconfig().toString(), "--patience", "1"))
        .isZero();
    assertThat(client.resources(EgressGateway.class).list().getItems()).isEmpty();

    // The hook's job needs a kubelet; what it does was done above.
    com.marcnuri.helm.Helm.uninstall(Charts.RELEASE)
        .withNamespace(Charts.NAMESPACE)
        .withKubeConfig(api.kubeconfig())
        .noHooks()
        .call();
    assertThat(ours()).isEmpty();
  }

  /** What Helm makes is what the processes read, under the names that they ask for. */
  private void assertCertificates(Map<String, Map<String, String>> secrets) throws IOException {
    TlsCredentials controller = credentials(secrets, SECRETS.get(1), "controller");
    assertThat(CertificateNames.of(controller.chain().getFirst()).dnsNames())
        .contains("controller.egressgateway", "egressgateway-controller.kube-system.svc");
    assertThat(controller.keyManagers()).isNotEmpty();
    TlsCredentials witness = credentials(secrets, SECRETS.get(2), "witness");
    assertThat(CertificateNames.of(witness.chain().getFirst()).dnsNames())
        .contains("witness.egressgateway");
    assertThat(witness.keyManagers()).isNotEmpty();
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

  private void gatewayWithFinalizer() {
    GenericKubernetesResource gateway = new GenericKubernetesResource();
    gateway.setApiVersion("egressgateway.spidernet.io/v1beta1");
    gateway.setKind("EgressGateway");
    gateway.setMetadata(
        new ObjectMetaBuilder()
            .withName("held")
            .withFinalizers("egressgateway.spidernet.io/egressgateway")
            .build());
    gateway.setAdditionalProperty(
        "spec",
        Map.of(
            "ippools", Map.of("ipv4", List.of("10.6.1.1")),
            "nodeSelector", Map.of("selector", Map.of("matchLabels", Map.of("egress", "true")))));
    client.resource(gateway).create();
  }

  private List<String> ours() {
    return java.util.stream.Stream.of(
            client.apps().statefulSets().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.apps().daemonSets().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.services().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.secrets().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.configMaps().inNamespace(Charts.NAMESPACE).list().getItems(),
            client.rbac().clusterRoles().list().getItems(),
            client.rbac().clusterRoleBindings().list().getItems())
        .flatMap(List::stream)
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .filter(name -> name.contains("/egressgateway"))
        .toList();
  }
}
