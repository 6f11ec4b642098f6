package io.egressgateway.load.api.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatchesTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static ObjectNode yaml(String text) throws IOException {
    return (ObjectNode) YAML.readTree(text);
  }

  /** The examples of RFC 7396, appendix A, whose target and patch are objects. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: b} | {a: c} | {a: c}",
        "{a: b} | {b: c} | {a: b, b: c}",
        "{a: b} | {a: null} | {}",
        "{a: b, b: c} | {a: null} | {b: c}",
        "{a: [b]} | {a: c} | {a: c}",
        "{a: c} | {a: [b]} | {a: [b]}",
        "{a: {b: c}} | {a: {b: d, c: null}} | {a: {b: d}}",
        "{a: [{b: c}]} | {a: [1]} | {a: [1]}",
        "{e: null} | {a: 1} | {e: null, a: 1}",
        "{} | {a: {bb: {ccc: null}}} | {a: {bb: {}}}",
      })
  void merge(String target, String patch, String expected) throws IOException {
    ObjectNode object = yaml(target);
    Patches.merge(object, yaml(patch));
    assertThat((JsonNode) object).isEqualTo(yaml(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{conditions: [{type: A, s: 1}]} | {conditions: [{type: A, s: 2}, {type: B}]}"
            + " | {conditions: [{type: A, s: 2}, {type: B}]}",
        "{containers: [{name: a}, {name: b}]} | {containers: [{$patch: delete, name: a}]}"
            + " | {containers: [{name: b}]}",
        "{containers: [{name: a}]} | {containers: [{$patch: replace}, {name: c}]}"
            + " | {containers: [{name: c}]}",
        "{finalizers: [a]} | {finalizers: [b, a]} | {finalizers: [a, b]}",
        "{finalizers: [a, b]} | {$deleteFromPrimitiveList/finalizers: [a]} | {finalizers: [b]}",
        "{args: [a]} | {args: [b]} | {args: [b]}",
        "{a: {b: 1, c: 2}} | {a: {$retainKeys: [b], b: 3}} | {a: {b: 3}}",
        "{a: {b: 1}} | {a: {$patch: replace, c: 2}} | {a: {c: 2}}",
        "{a: {b: 1}} | {a: null} | {}",
      })
  void strategic(String target, String patch, String expected) throws IOException {
    ObjectNode object = yaml(target);
    StrategicMerge.merge(object, yaml(patch));
    assertThat((JsonNode) object).isEqualTo(yaml(expected));
  }

  @Test
  void applyRemovesWhatItNoLongerSays() throws IOException {
    ObjectNode object = yaml("{spec: {mine: 1, theirs: 2, deep: {mine: 3}, list: [a]}}");
    Patches.apply(
        object, yaml("{spec: {mine: 1, deep: {mine: 3}, list: [a]}}"), yaml("{spec: {list: [b]}}"));
    assertThat((JsonNode) object).isEqualTo(yaml("{spec: {theirs: 2, list: [b]}}"));
  }
}
