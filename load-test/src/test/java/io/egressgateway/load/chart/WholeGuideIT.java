package io.egressgateway.load.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.load.lab.ClusterLab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.PodExec;
import io.egressgateway.load.lab.guide.GuideFiles;
import io.egressgateway.load.lab.guide.GuideObjects;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.oracle.KernelOracle;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The user guide from {@code helm install} to {@code helm uninstall}: the chart on a real API
 * server, its pods run as their specs say, out of the image.
 */
@Tag("matrix")
final class WholeGuideIT {
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(1);
  private static final int HELM_SECONDS = 240;
  private static final int MANY_PODS = 50;
  private static final Duration COLLECTED_EVERY = Duration.ofSeconds(1);

  /** What a user gives to kubectl. */
  private static final Pattern REMOVAL =
      Pattern.compile("kubectl apply -f - <<EOF\n(.*?)\nEOF", Pattern.DOTALL);

  @Test
  void fromInstallToUninstall(@TempDir(factory = OffTheRoot.class) Path directory)
      throws Exception {
    Path image = ProductImage.unpack(directory);
    Consumer<String> events = System.out::println;
    try (ClusterLab lab = ClusterLab.start(LabSettings.usual(), Optional.of(image), events)) {
      try {
        install(lab);
        useIt(lab);
        upgrade(lab);
        uninstall(lab);
        removeFromNodes(lab);
      } catch (Exception | AssertionError failure) {
        showLogs(lab);
        throw failure;
      }
    }
  }

  /** On a file system of its own: an overlay refuses a layer that lies within another. */
  static final class OffTheRoot implements TempDirFactory {
    @Override
    public Path createTempDirectory(
        AnnotatedElementContext elementContext, ExtensionContext extensionContext)
        throws IOException {
      return Files.createTempDirectory(Path.of("/dev/shm"), "egressgateway-image-");
    }
  }

  private static void install(ClusterLab lab) throws Exception {
    account(lab.client(), "default");
    account(lab.client(), Charts.NAMESPACE);
    Charts.helm()
        .install()
        .withName(Charts.RELEASE)
        .withNamespace(Charts.NAMESPACE)
        .withKubeConfig(lab.api().kubeconfig())
        .set("feature.tunnelIpv4Subnet", "192.200.0.1/16")
        .set("feature.enableGatewayReplyRoute", "true")
        .waitReady()
        .withTimeout(HELM_SECONDS)
        .call();
    List<Pod> pods = pods(lab.client());
    assertThat(pods).hasSize(1 + 3 + lab.topology().nodes().size());
    assertThat(pods).allMatch(pod -> "Running".equals(pod.getStatus().getPhase()));
  }

  /** Nobody else makes it: the API server's admission that needs it is off. */
  private static void account(KubernetesClient client, String namespace) {
    client
        .serviceAccounts()
        .inNamespace(namespace)
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName("default").endMetadata().build())
        .serverSideApply();
  }

  private static void useIt(ClusterLab lab) throws Exception {
    KubernetesClient client = lab.client();
    create(client, GuideFiles.GATEWAY);
    List<LabNode> gateways = lab.topology().nodes(LabNode.Role.GATEWAY);
    for (LabNode node : gateways) {
      client
          .nodes()
          .withName(node.name().value())
          .edit(
              found -> {
                found.getMetadata().getLabels().put("egressgateway", "true");
                return found;
              });
    }
    GuideObjects objects = new GuideObjects(client);
    Patience.USUAL.await(
        "status.nodeList to show the gateway nodes as Ready",
        () -> Optional.of(objects.readyNodes("default")).filter(n -> n == gateways.size()));
    create(client, GuideFiles.DEPLOYMENT);
    create(client, GuideFiles.OTHER_POD);
    create(client, GuideFiles.POLICY);
    GuideObjects.PolicyStatus status =
        Patience.USUAL.await("the policy's status", () -> objects.policyStatus("default", "test"));
    assertThat(gateways).extracting(LabNode::name).contains(status.holder());
    Patience.USUAL.await("a slice", () -> objects.endpointSlice("default", "test"));
    PodPlacement matched = Patience.USUAL.await("a pod", () -> find(lab, "test-app-"));
    PodPlacement other = Patience.USUAL.await("the other pod", () -> find(lab, "other-app"));
    try (PodExec inside = lab.exec(matched);
        PodExec outside = lab.exec(other)) {
      Patience.USUAL.await(
          "Remote IP: " + status.eip(),
          () -> inside.sourceAddress(ANSWER_PATIENCE).filter(status.eip()::equals));
      assertThat(outside.sourceAddress(ANSWER_PATIENCE)).contains(other.node().underlay());
    }
    scale(lab, MANY_PODS);
    scale(lab, 1);
  }

  private static void scale(ClusterLab lab, int replicas) throws Exception {
    lab.client().apps().deployments().inNamespace("default").withName("test-app").scale(replicas);
    Patience.USUAL.await(
        replicas + " endpoints in the policy's slices",
        () -> Optional.of(endpoints(lab.client())).filter(n -> n == replicas));
  }

  private static long endpoints(KubernetesClient client) {
    return client
        .resources(EgressEndpointSlice.class)
        .inNamespace("default")
        .list()
        .getItems()
        .stream()
        .mapToLong(slice -> slice.getEndpoints() == null ? 0 : slice.getEndpoints().size())
        .sum();
  }

  /** Every controller and agent is replaced, and the egress IP stays what it is. */
  private static void upgrade(ClusterLab lab) throws Exception {
    GuideObjects objects = new GuideObjects(lab.client());
    var before = objects.policyStatus("default", "test").orElseThrow().eip();
    Charts.helm()
        .upgrade()
        .withName(Charts.RELEASE)
        .withNamespace(Charts.NAMESPACE)
        .withKubeConfig(lab.api().kubeconfig())
        .resetThenReuseValues()
        .set("agent.podAnnotations.upgraded", "again")
        .waitReady()
        .withTimeout(HELM_SECONDS)
        .call();
    PodPlacement matched = find(lab, "test-app-").orElseThrow();
    try (PodExec inside = lab.exec(matched)) {
      Patience.USUAL.await(
          "the same egress IP after the upgrade",
          () -> inside.sourceAddress(ANSWER_PATIENCE).filter(before::equals));
    }
  }

  private static void uninstall(ClusterLab lab) throws Exception {
    assertThat(Residue.in(lab.client()))
        .contains(
            "EgressClusterInfo/default",
            "EgressGateway/default",
            "EgressPolicy/default/test",
            "MutatingWebhookConfiguration/egressgateway-controller",
            "ValidatingWebhookConfiguration/egressgateway-controller");
    Helm.uninstall(Charts.RELEASE)
        .withNamespace(Charts.NAMESPACE)
        .withKubeConfig(lab.api().kubeconfig())
        .call();
    Patience.USUAL.await(
        "the last pod of the release to go",
        () -> Optional.of(pods(lab.client())).filter(List::isEmpty));
    await()
        .atMost(Patience.USUAL.limit())
        .pollInterval(COLLECTED_EVERY)
        .untilAsserted(() -> assertThat(Residue.in(lab.client())).isEqualTo(whatStays(lab)));
    PodPlacement matched = find(lab, "test-app-").orElseThrow();
    try (PodExec inside = lab.exec(matched)) {
      Patience.USUAL.await(
          "the node's own address after the end",
          () -> inside.sourceAddress(ANSWER_PATIENCE).filter(matched.node().underlay()::equals));
    }
  }

  /** As docs/uninstall.md lists it: definitions of kinds, and the webhooks' authority. */
  private static SortedSet<String> whatStays(ClusterLab lab) {
    SortedSet<String> stays = new TreeSet<>();
    stays.add("Secret/" + Charts.NAMESPACE + "/egressgateway-admission");
    stays.add("APIService/v1beta1.egressgateway.spidernet.io");
    lab.client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .list()
        .getItems()
        .forEach(kind -> stays.add("CustomResourceDefinition/" + kind.getMetadata().getName()));
    return stays;
  }

  /** The pod of docs/uninstall.md on every node, and no trace in any kernel afterwards. */
  private static void removeFromNodes(ClusterLab lab) throws Exception {
    KernelOracle kernels = new KernelOracle(lab.topology());
    List<LabNode> nodes = lab.topology().nodes();
    for (LabNode node : nodes) {
      assertThat(kernels.residue(node)).as("before, on " + node.name()).isNotEmpty();
      lab.client().resource(removal(node)).create();
    }
    for (LabNode node : nodes) {
      Resource<Pod> pod = lab.client().resource(removal(node));
      Patience.USUAL.await(
          "the end of what removes, on " + node.name(),
          () -> Optional.of(pod.require().getStatus().getPhase()).filter("Succeeded"::equals));
      assertThat(lab.logs().resolve(removal(node).getMetadata().getName() + ".remove.log"))
          .content()
          .contains("everything removed");
      pod.delete();
    }
    for (LabNode node : nodes) {
      assertThat(kernels.residue(node)).as("afterwards, on " + node.name()).isEmpty();
    }
  }

  private static Pod removal(LabNode node) throws IOException {
    String page = Files.readString(Charts.root().resolve("docs/uninstall.md"));
    Matcher manifest = REMOVAL.matcher(page);
    assertThat(manifest.find()).as("a pod in docs/uninstall.md").isTrue();
    Pod pod = Serialization.unmarshal(manifest.group(1), Pod.class);
    pod.getSpec().setNodeName(node.name().value());
    pod.getMetadata().setName(pod.getMetadata().getName() + "-" + node.name().value());
    return pod;
  }

  private static Optional<PodPlacement> find(ClusterLab lab, String prefix) {
    return lab.kubelet().pods().values().stream()
        .filter(pod -> pod.key().name().startsWith(prefix))
        .findFirst();
  }

  private static List<Pod> pods(KubernetesClient client) {
    return client.pods().inNamespace(Charts.NAMESPACE).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getName().startsWith("egressgateway"))
        .toList();
  }

  private static void create(KubernetesClient client, GuideFiles file) {
    client.load(new ByteArrayInputStream(file.text().getBytes(UTF_8))).create();
  }

  /** For who reads the failure. */
  private static void showLogs(ClusterLab lab) throws IOException {
    for (Pod pod : pods(lab.client())) {
      System.out.println(pod.getMetadata().getName() + ": " + pod.getStatus());
    }
    try (Stream<Path> logs = Files.list(lab.logs())) {
      for (Path log : logs.sorted().toList()) {
        List<String> lines = Files.readAllLines(log, UTF_8);
        System.out.println("== " + log.getFileName());
        lines.subList(Math.max(0, lines.size() - 15), lines.size()).forEach(System.out::println);
      }
    }
  }
}
