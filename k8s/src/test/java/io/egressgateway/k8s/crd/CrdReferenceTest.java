package io.egressgateway.k8s.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/crd-reference.md} is made of the definitions. {@code UPDATE_GOLDEN=1} writes it. */
class CrdReferenceTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "crd-reference.md");

  private static List<CustomResourceDefinition> definitions() {
    return CustomResourceDefinitions.all().stream()
        .map(CustomResourceDefinition.class::cast)
        .toList();
  }

  @Test
  void thePageHasEveryField() throws IOException {
    String page = CrdReference.page(definitions());
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(DOCUMENT, page);
    }
    assertThat(Files.readString(DOCUMENT)).as("UPDATE_GOLDEN=1 writes it anew").isEqualTo(page);
  }

  @Test
  void fieldsWithinListsAndMapsAreNamedByTheirWay() {
    assertThat(CrdReference.page(definitions()))
        .contains(
            "## EgressGateway",
            "| `spec.ippools.ipv4` | list of string |",
            "| `status.nodeList[].eips[].policies[].namespace` | string |",
            "| `status.nodeIP.*.ipv4` | list of string |",
            "| `spec.appliedTo` | object, required |")
        .doesNotContain("`metadata");
  }
}
