package io.egressgateway.load.lab.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContainerSpecsTest {
  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "$(NAME), value",
    "a-$(NAME)-$(NAME), a-value-value",
    "$(MISSING), $(MISSING)",
    "$$(NAME), $(NAME)",
    "$(id -u), $(id -u)",
    "$NAME, $NAME",
  })
  void expandsAsKubernetesDoes(String word, String expected) {
    assertThat(ContainerSpecs.expand(word, Map.of("NAME", "value"))).isEqualTo(expected);
  }
}
