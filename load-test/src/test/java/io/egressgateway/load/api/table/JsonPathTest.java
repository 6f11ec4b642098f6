package io.egressgateway.load.api.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.load.api.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonPathTest {
  private static final String DOCUMENT =
      """
      {"spec": {"a": 1, "list": [{"type": "Ready", "status": "True"}, {"type": "Old", "status": "False"}]},
       "metadata": {"labels": {"x.io/y": "z"}}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ".spec.a | 1",
        "{.spec.a} | 1",
        ".spec.missing | ``",
        ".spec.list[0].type | Ready",
        ".spec.list[-1].type | Old",
        ".spec.list[7].type | ``",
        ".spec.list[*].status | True,False",
        ".spec.list[?(@.type==\"Ready\")].status | True",
        ".spec.list[?(@.type=='Gone')].status | ``",
        ".metadata.labels.x\\.io/y | z",
        ".metadata.labels['x.io/y'] | z",
      })
  void finds(String path, String expected) throws IOException {
    JsonNode document = Json.parse(DOCUMENT.getBytes(StandardCharsets.UTF_8));
    assertThat(
            JsonPath.parse(path).find(document).stream()
                .map(JsonNode::asText)
                .collect(Collectors.joining(",")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec", ".spec[", ".a[0:2]", "..a", ".a[?(@.b>1)]"})
  void refusesWhatItDoesNotSupport(String path) {
    assertThatThrownBy(() -> JsonPath.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path);
  }
}
