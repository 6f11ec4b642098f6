package io.egressgateway.load.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequirementsTest {
  private static final ObjectNode LABELS = Json.object().put("app", "x").put("tier", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | true",
        "app=x | true",
        "app==x,tier= | true",
        "app = y | false",
        "app!=y | true",
        "missing!=y | true",
        "app in (w, x) | true",
        "app in (w),tier | false",
        "app notin (w,y),tier | true",
        "missing notin (a) | true",
        "missing | false",
        "!missing | true",
        "!app | false",
      })
  void labels(String selector, boolean selected) {
    assertThat(LabelRequirements.parse(selector).test(LABELS)).isEqualTo(selected);
  }

  @Test
  void garbageIsNamed() {
    assertThatThrownBy(() -> LabelRequirements.parse("a=b,=c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("=c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "spec.nodeName=one | true",
        "spec.nodeName!=one | false",
        "spec.nodeName=one,status.phase= | true",
        "metadata.name=p | false",
      })
  void fields(String selector, boolean selected) {
    ObjectNode pod = Json.object();
    pod.putObject("spec").put("nodeName", "one");
    assertThat(FieldRequirements.parse(selector).test(pod)).isEqualTo(selected);
  }
}
