package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.CidrSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CidrTranslatorTest {

  private static final String FIELD = "spec.destSubnet";

  private final List<Violation> violations = new ArrayList<>();

  private static List<String> addresses(int count) {
    // Every second address, so that none can be joined with its neighbour.
    return IntStream.range(0, count)
        .map(i -> 2 * i)
        .mapToObj(i -> "10." + (i >> 16) + "." + ((i >> 8) & 255) + "." + (i & 255))
        .toList();
  }

  @Test
  void asManyItemsAsTheLimitSaysAreRead() {
    CidrSet read = CidrTranslator.read(FIELD, addresses(CidrTranslator.ITEMS_MAX), violations);
    assertThat(violations).isEmpty();
    assertThat(read.cidrs()).hasSize(CidrTranslator.ITEMS_MAX);
  }

  @Test
  void oneMoreIsRefusedAndTheLimitNamed() {
    CidrTranslator.read(FIELD, addresses(CidrTranslator.ITEMS_MAX + 1), violations);
    assertThat(violations).hasSize(1);
    assertThat(violations.getFirst().value()).contains("65537");
    assertThat(violations.getFirst().reason()).contains("65536");
  }
}
