package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each {@code x.yaml} under {@code src/test/resources/translate} is translated to what {@code
 * x.expected} says. {@code UPDATE_GOLDEN=1} writes the latter anew.
 */
class FixturesTest {

  private static final Path FIXTURES = Path.of("src", "test", "resources", "translate");

  @TestFactory
  List<DynamicTest> gateways() {
    return tests(
        "gateway",
        yaml ->
            show(GatewayTranslator.translate(Serialization.unmarshal(yaml, EgressGateway.class))));
  }

  @TestFactory
  List<DynamicTest> policies() {
    return tests(
        "policy",
        yaml ->
            show(
                PolicyTranslator.translate(
                    Serialization.unmarshal(yaml, EgressPolicy.class), Optional.empty())));
  }

  @TestFactory
  List<DynamicTest> clusterPolicies() {
    return tests(
        "cluster-policy",
        yaml ->
            show(
                PolicyTranslator.translate(
                    Serialization.unmarshal(yaml, EgressClusterPolicy.class), Optional.empty())));
  }

  private static List<DynamicTest> tests(String folder, Function<String, String> translate) {
    try (Stream<Path> files = Files.list(FIXTURES.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      file.getFileName().toString(), () -> check(file, translate)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(Path fixture, Function<String, String> translate) throws IOException {
    String actual = translate.apply(Files.readString(fixture));
    Path expected = Path.of(fixture.toString().replaceFirst("yaml$", "expected"));
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(expected, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(expected));
  }

  private static String show(Translation<?> translation) {
    return switch (translation) {
      case Translation.Valid<?> valid -> "valid\n" + valid.spec() + "\n";
      case Translation.Invalid<?> invalid ->
          invalid.violations().stream()
              .map(FixturesTest::show)
              .collect(Collectors.joining("\n", "invalid\n", "\n"));
    };
  }

  private static String show(Violation violation) {
    return "%s: '%s'\n  reason: %s\n  remedy: %s"
        .formatted(violation.field(), violation.value(), violation.reason(), violation.remedy());
  }
}
