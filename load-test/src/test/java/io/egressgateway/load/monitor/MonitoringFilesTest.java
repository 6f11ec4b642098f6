package io.egressgateway.load.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.egressgateway.core.monitor.MetricFamily;
import io.egressgateway.k8s.monitor.ControllerMetrics;
import io.egressgateway.node.monitor.AgentMetrics;
import io.egressgateway.policy.witness.WitnessMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation, alerts and dashboard say of metrics is what the processes serve. */
class MonitoringFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path ALERTS = ROOT.resolve("k8s/chart/files/alerts");
  private static final Path DASHBOARD =
      ROOT.resolve("k8s/chart/files/dashboards/egressgateway.json");
  private static final Path METRICS_PAGE = ROOT.resolve("docs/metrics.md");
  private static final String TABLES = "<!-- The tables are made from the code. -->\n";
  private static final Pattern NAME = Pattern.compile("\\b(egressgateway_[a-z0-9_]+)");
  private static final Pattern LABELS = Pattern.compile("(egressgateway_[a-z0-9_]+)\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*=");
  private static final Pattern NAMES_BY_PATTERN =
      Pattern.compile("\\{__name__=~\"egressgateway_\\(([a-z|]+)\\)_([a-z_]+)\"}");

  private final ObjectMapper yaml = new ObjectMapper(new YAMLFactory());

  @Test
  void thePageListsEveryMetric() throws IOException {
    String page = Files.readString(METRICS_PAGE, UTF_8);
    int start = page.indexOf(TABLES);
    assertThat(start).as("mark of the tables").isPositive();
    String expected = page.substring(0, start) + TABLES + tables();
    if (System.getenv("UPDATE_GOLDEN") != null) {
      Files.writeString(METRICS_PAGE, expected, UTF_8);
    }
    assertThat(Files.readString(METRICS_PAGE, UTF_8))
        .as("UPDATE_GOLDEN=1 writes the tables anew")
        .isEqualTo(expected);
  }

  private static String tables() {
    return table("Agent", AgentMetrics.ALL)
        + table("Controller", ControllerMetrics.ALL)
        + table("Witness", WitnessMetrics.ALL);
  }

  private static String table(String role, List<MetricFamily> families) {
    StringBuilder table = new StringBuilder("\n## " + role + "\n\n");
    table.append("| metric | type | labels | meaning |\n|---|---|---|---|\n");
    for (MetricFamily family : families) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  family.metric(),
                  family.kind().type(),
                  String.join(", ", family.labels()),
                  family.help()));
    }
    return table.toString();
  }

  @Test
  void namesAreUnique() {
    List<String> names = families().map(MetricFamily::metric).toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(30);
  }

  @Test
  void everyAlertUsesWhatIsServed() throws IOException {
    for (JsonNode alert : alerts()) {
      requireServed(alert.path("alert").asText(), alert.path("expr").asText());
    }
  }

  @Test
  void everyPanelShowsWhatIsServed() throws IOException {
    JsonNode panels = new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels");
    assertThat(panels.size()).isGreaterThan(10);
    for (JsonNode panel : panels) {
      for (JsonNode target : panel.path("targets")) {
        requireServed(panel.path("title").asText(), target.path("expr").asText());
      }
    }
  }

  private static void requireServed(String where, String expression) {
    String expanded =
        NAMES_BY_PATTERN
            .matcher(expression)
            .replaceAll(
                match ->
                    String.join(
                        " ",
                        Stream.of(match.group(1).split("\\|"))
                            .map(role -> "egressgateway_" + role + "_" + match.group(2))
                            .toList()));
    Set<String> served = served();
    for (String name : found(NAME, expanded)) {
      assertThat(served).as("%s: %s", where, expression).contains(name);
    }
    Matcher labelled = LABELS.matcher(expanded);
    while (labelled.find()) {
      String name = labelled.group(1);
      assertThat(labels(name))
          .as("%s: %s", where, name)
          .containsAll(found(LABEL, labelled.group(2)));
    }
    assertThat(expression).as(where).isNotBlank();
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static Stream<MetricFamily> families() {
    return Stream.of(AgentMetrics.ALL, ControllerMetrics.ALL, WitnessMetrics.ALL)
        .flatMap(List::stream);
  }

  /** The names as they are scraped: a histogram has three. */
  private static Set<String> served() {
    Set<String> names = new TreeSet<>();
    families()
        .forEach(
            family -> {
              switch (family.kind()) {
                case COUNTER, TALLY, GAUGE -> names.add(family.metric());
                case HISTOGRAM ->
                    Stream.of("_bucket", "_count", "_sum")
                        .forEach(suffix -> names.add(family.metric() + suffix));
              }
            });
    return names;
  }

  private static List<String> labels(String name) {
    return families()
        .filter(family -> family.metric().equals(name))
        .map(MetricFamily::labels)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyAlertHasARunbookAndEveryRunbookItsAlert() throws IOException {
    List<String> sections =
        Files.readAllLines(ROOT.resolve("docs/runbooks.md"), UTF_8).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();
    List<String> names = new ArrayList<>();
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      names.add(name);
      assertThat(alert.path("annotations").path("runbook_url").asText())
          .endsWith("docs/runbooks.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(alert.path("annotations").path("summary").asText()).as(name).isNotBlank();
      assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning");
    }
    assertThat(names).doesNotHaveDuplicates();
    assertThat(sections).containsExactlyInAnyOrderElementsOf(names);
  }

  private List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    try (Stream<Path> files = Files.list(ALERTS)) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode group : yaml.readTree(file.toFile()).path("groups")) {
          assertThat(group.path("name").asText()).startsWith("egressgateway-");
          group.path("rules").forEach(alerts::add);
        }
      }
    }
    assertThat(alerts).hasSizeGreaterThan(15);
    return alerts;
  }
}
