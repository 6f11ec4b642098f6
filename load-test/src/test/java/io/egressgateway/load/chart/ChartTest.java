package io.egressgateway.load.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import io.egressgateway.k8s.admission.WebhookConfigurations;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart renders; no cluster is asked. */
class ChartTest {
  private static final Path GOLDEN = Path.of("src/test/resources/chart");
  private static final Pattern APPLIED = Pattern.compile("kubectl \\w+ -f (k8s/[\\w/-]+)");

  static Map<String, String> scenario(String name) {
    Map<String, String> values = new LinkedHashMap<>(Charts.FIXED);
    switch (name) {
      case "default" -> {}
      case "production" -> {
        values.put("database.url", "jdbc:postgresql://db.example:5432/egressgateway");
        values.put("database.passwordSecret.name", "egressgateway-database");
        values.put("controller.podDisruptionBudget.enabled", "true");
        values.put("controller.prometheus.enabled", "true");
        values.put("agent.prometheus.enabled", "true");
      }
      case "guide" -> {
        values.put("feature.tunnelIpv4Subnet", "192.200.0.1/16");
        values.put("feature.enableGatewayReplyRoute", "true");
      }
      case "cert-manager" -> values.put("controller.tls.method", "certmanager");
      case "monitored" -> {
        for (String of : List.of("controller", "agent")) {
          values.put(of + ".prometheus.enabled", "true");
          values.put(of + ".prometheus.serviceMonitor.install", "true");
          values.put(of + ".prometheus.prometheusRule.install", "true");
          values.put(of + ".prometheus.grafanaDashboard.install", "true");
        }
      }
      default -> throw new IllegalArgumentException(name);
    }
    return values;
  }

  @Test
  void lintFindsNothing() {
    LintResult result = Charts.helm().lint().strict().call();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "production", "guide", "cert-manager"})
  void rendersWhatIsCommitted(String name) throws IOException {
    String now = Charts.render(scenario(name));
    assertThat(now).isEqualTo(Charts.golden(GOLDEN.resolve(name + ".yaml"), now));
  }

  /** Its content is large, and has tests of its own. */
  @Test
  void alertsAndDashboardAreInstalledOnce() throws IOException {
    List<HasMetadata> objects = Charts.objects(Charts.render(scenario("monitored")));
    assertThat(names(objects, "ServiceMonitor"))
        .containsExactlyInAnyOrder("egressgateway-agent", "egressgateway-controller");
    assertThat(names(objects, "PrometheusRule"))
        .containsExactlyInAnyOrderElementsOf(
            files(Charts.chart().resolve("files/alerts")).keySet().stream()
                .map(file -> "egressgateway-controller-" + file.replace(".yaml", ""))
                .toList());
    assertThat(names(objects, "ConfigMap"))
        .containsExactlyInAnyOrder("egressgateway", "egressgateway-controller-egressgateway");
  }

  /** Each metrics port is found by one monitor alone, or its samples would count twice. */
  @Test
  void everyComponentIsScrapedOnce() {
    List<HasMetadata> objects = Charts.objects(Charts.render(scenario("monitored")));
    List<String> scraped =
        objects.stream()
            .filter(Service.class::isInstance)
            .map(Service.class::cast)
            .filter(
                service ->
                    service.getSpec().getPorts().stream()
                        .anyMatch(port -> port.getName().equals("metrics")))
            .map(
                service ->
                    requireNonNull(
                        service.getMetadata().getLabels().get("app.kubernetes.io/component")))
            .toList();
    assertThat(scraped).containsExactlyInAnyOrder("agent", "controller", "witness");
    List<String> asked =
        objects.stream()
            .filter(object -> object.getKind().equals("ServiceMonitor"))
            .map(GenericKubernetesResource.class::cast)
            .<Object>map(
                monitor -> monitor.get("spec", "selector", "matchExpressions", 0, "values"))
            .flatMap(values -> ((List<?>) values).stream())
            .map(String::valueOf)
            .toList();
    assertThat(asked).containsExactlyInAnyOrderElementsOf(scraped);
  }

  private static List<String> names(List<HasMetadata> objects, String kind) {
    return objects.stream()
        .filter(object -> object.getKind().equals(kind))
        .map(object -> object.getMetadata().getName())
        .toList();
  }

  /** In clusters that can tell; where they cannot, the field would be refused. */
  @Test
  void completePoliciesAreOnlyJudged() {
    List<MatchCondition> here =
        WebhookConfigurations.at(URI.create("https://127.0.0.1"), "authorities").stream()
            .flatMap(ChartTest::conditions)
            .toList();
    assertThat(here).hasSize(1);
    assertThat(conditionsFor("1.31.0")).isEqualTo(here);
    assertThat(conditionsFor("1.27.9")).isEmpty();
  }

  /** A namespace that is deleted would wait for a controller that is ready. */
  @Test
  void onlyClusterInfosAreKeptFromBeingDeleted() {
    List<RuleWithOperations> rules =
        Charts.objects(Charts.render(Charts.FIXED)).stream().flatMap(ChartTest::rules).toList();
    assertThat(rules)
        .filteredOn(rule -> rule.getOperations().contains("DELETE"))
        .flatExtracting(RuleWithOperations::getResources)
        .containsExactly("egressclusterinfos");
    assertThat(
            WebhookConfigurations.at(URI.create("https://127.0.0.1"), "authorities").stream()
                .flatMap(ChartTest::rules))
        .containsExactlyElementsOf(rules);
  }

  private static Stream<RuleWithOperations> rules(HasMetadata object) {
    return object instanceof ValidatingWebhookConfiguration validating
        ? validating.getWebhooks().stream().flatMap(webhook -> webhook.getRules().stream())
        : Stream.empty();
  }

  private static List<MatchCondition> conditionsFor(String version) {
    return Charts.objects(Charts.render(Charts.FIXED, version)).stream()
        .flatMap(ChartTest::conditions)
        .toList();
  }

  private static Stream<MatchCondition> conditions(HasMetadata object) {
    return object instanceof MutatingWebhookConfiguration mutating
        ? mutating.getWebhooks().stream().flatMap(webhook -> webhook.getMatchConditions().stream())
        : Stream.empty();
  }

  @Test
  void definitionsAreThoseThatJavaMakes() throws IOException {
    assertThat(files(Charts.chart().resolve("crds")))
        .isEqualTo(files(Charts.root().resolve("k8s/manifests/crds")));
  }

  /** {@code kubectl} does not follow a link, as the chart's own folder of definitions is one. */
  @Test
  void whatTheDocumentationAppliesIsThere() throws IOException {
    List<String> folders =
        files(Charts.root().resolve("docs")).values().stream()
            .flatMap(page -> APPLIED.matcher(page).results())
            .map(command -> command.group(1))
            .toList();
    assertThat(folders)
        .isNotEmpty()
        .allSatisfy(
            folder ->
                assertThat(Charts.root().resolve(folder))
                    .isDirectory()
                    .isNotEmptyDirectory()
                    .matches(path -> !Files.isSymbolicLink(path), "is no link"));
  }

  @Test
  void everyValueIsInTheDocumentation() throws IOException {
    String page = ValuesTable.of(Files.readString(Charts.chart().resolve("values.yaml")));
    assertThat(page).isEqualTo(Charts.golden(Charts.root().resolve("docs/chart-values.md"), page));
  }

  @Test
  void nobodyMayDoMoreThanIsCommitted() throws IOException {
    StringBuilder table = new StringBuilder();
    Charts.objects(Charts.render(scenario("production"))).stream()
        .forEach(
            object -> {
              if (object instanceof ClusterRole role) {
                rows(role.getMetadata().getName(), role.getRules(), table);
              } else if (object instanceof Role role) {
                rows(
                    role.getMetadata().getName() + " in " + role.getMetadata().getNamespace(),
                    role.getRules(),
                    table);
              }
            });
    assertThat(table.toString())
        .isEqualTo(Charts.golden(GOLDEN.resolve("permissions.txt"), table.toString()));
  }

  private static void rows(String who, List<PolicyRule> rules, StringBuilder table) {
    for (PolicyRule rule : rules) {
      for (String group : rule.getApiGroups()) {
        for (String resource : rule.getResources()) {
          table
              .append(who)
              .append(' ')
              .append(group.isEmpty() ? "core" : group)
              .append('/')
              .append(resource)
              .append(rule.getResourceNames().isEmpty() ? "" : " " + rule.getResourceNames())
              .append(": ")
              .append(String.join(" ", new TreeSet<>(rule.getVerbs())))
              .append('\n');
        }
      }
    }
  }

  @Test
  void agentsAndWitnessesHaveNoToken() {
    assertThat(pods())
        .allSatisfy(
            (name, pod) ->
                assertThat(pod.getAutomountServiceAccountToken())
                    .as(name)
                    .isEqualTo(name.equals("egressgateway-controller")));
  }

  @Test
  void nobodyIsPrivileged() {
    assertThat(pods()).hasSize(3);
    pods()
        .forEach(
            (name, pod) ->
                Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
                    .forEach(container -> assertRestricted(name, container)));
    assertThat(requireNonNull(pods().get("egressgateway-agent")).getContainers().getFirst())
        .extracting(container -> container.getSecurityContext().getCapabilities().getAdd())
        .isEqualTo(List.of("NET_ADMIN", "NET_RAW", "SYS_NICE"));
  }

  private static void assertRestricted(String pod, Container container) {
    assertThat(container.getSecurityContext().getPrivileged()).as(pod).isNotEqualTo(true);
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).as(pod).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).as(pod).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop())
        .as(pod)
        .containsExactly("ALL");
  }

  private static Map<String, PodSpec> pods() {
    Map<String, PodSpec> pods = new LinkedHashMap<>();
    for (HasMetadata object : Charts.objects(Charts.render(scenario("production")))) {
      String name = object.getMetadata().getName();
      if (object instanceof DaemonSet set) {
        pods.put(name, set.getSpec().getTemplate().getSpec());
      } else if (object instanceof StatefulSet set) {
        pods.put(name, set.getSpec().getTemplate().getSpec());
      }
    }
    return pods;
  }

  @ParameterizedTest
  @CsvSource({
    "controller.replicas, 3, database.url",
    "controller.tls.method, magic, controller",
    "controller.hostNetwork, true, hostNetwork",
    "agent.hostNetwork, false, hostNetwork",
    "agent.kind, Deployment, DaemonSet",
    "witness.replicas, 2, replicas",
    "feature.vxlan.port, 70000, port",
    "feature.tunnelDetectMethod, guess, tunnelDetectMethod",
    "feature.tunnelDetectCustomInterface[0].interfaceName, eth1, nodeSelector",
    "feature.tunnelDetectCustomInterface[0].interfaceName, a/b, interfaceName",
  })
  void whatCannotBeIsRefusedByName(String key, String value, String named) {
    Map<String, String> values = new LinkedHashMap<>(Charts.FIXED);
    values.put(key, value);
    assertThatThrownBy(() -> Charts.render(values)).hasMessageContaining(named);
  }

  @Test
  void whatHasNoEffectIsNamedAfterAnInstallation() {
    Map<String, String> values = new LinkedHashMap<>(Charts.FIXED);
    assertThat(Charts.notes(values)).doesNotContain("WARNING");

    values.put("feature.maxNumberEndpointPerSlice", "50");
    values.put("controller.kind", "Deployment");
    values.put("controller.debug.gopsPort", "5812");
    values.put("controller.debug.logWithCaller", "false");
    values.put("agent.debug.gopsPort", "0");
    values.put("agent.debug.logUseDevMode", "false");
    assertThat(Charts.notes(values))
        .contains(
            "WARNING: these values have no effect: feature.maxNumberEndpointPerSlice (100),"
                + " controller.kind (StatefulSet), agent.debug.gopsPort, agent.debug.logUseDevMode,"
                + " controller.debug.gopsPort, controller.debug.logWithCaller.");
  }

  /** As a controller reads it: AncestorConfigTest goes on from there. */
  @Test
  void linksByLabelsReachTheControllers() {
    Map<String, String> values = new LinkedHashMap<>(Charts.FIXED);
    values.put("feature.tunnelDetectCustomInterface[0].nodeSelector.nic", "two");
    values.put("feature.tunnelDetectCustomInterface[0].interfaceName", "bond0");
    String conf =
        Charts.objects(Charts.render(values)).stream()
            .filter(object -> object.getMetadata().getName().equals("egressgateway"))
            .filter(ConfigMap.class::isInstance)
            .map(object -> requireNonNull(((ConfigMap) object).getData().get("conf.yml")))
            .findFirst()
            .orElseThrow();
    assertThat(conf)
        .contains(
            """
            tunnelDetectCustomInterface:
            - interfaceName: bond0
              nodeSelector:
                nic: two
            """);
  }

  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(directory).sorted()) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(String.valueOf(file.getFileName()), Files.readString(file));
      }
    }
    return contents;
  }
}
