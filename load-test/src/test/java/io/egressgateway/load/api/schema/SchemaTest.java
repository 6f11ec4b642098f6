package io.egressgateway.load.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchemaTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String SCHEMA =
      """
      type: object
      required: [spec]
      properties:
        spec:
          type: object
          required: [name]
          properties:
            name: {type: string, pattern: "^[a-z]+$", maxLength: 3}
            phase: {type: string, enum: [Ready, Failed]}
            count: {type: integer, minimum: 1, maximum: 5}
            port: {x-kubernetes-int-or-string: true}
            list: {type: array, minItems: 1, items: {type: string}}
            map: {type: object, additionalProperties: {type: integer}}
            open: {type: object, x-kubernetes-preserve-unknown-fields: true}
            nothing: {type: string, nullable: true}
            mode:
              type: object
              default: {kind: plain}
              properties:
                kind: {type: string}
                strict: {type: boolean, default: false}
            either: {type: object, oneOf: [{required: [a]}, {required: [b]}], properties: {a: {type: string}, b: {type: string}}}
      """;

  private static ObjectNode yaml(String text) throws IOException {
    return (ObjectNode) YAML.readTree(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{spec: {name: abc, count: 5, port: 80, list: [a], map: {a: 1}, nothing: null}} |",
        "{spec: {name: abc, port: http, either: {a: x}}} |",
        "{} | spec: Required value",
        "{spec: {}} | spec.name: Required value",
        "{spec: []} | spec: Invalid value: \"array\": spec in body must be of type object: \"array\"",
        "{spec: {name: abcd}} | spec.name: Invalid value: \"abcd\": spec.name in body should be at most 3 chars long",
        "{spec: {name: A}} | spec.name: Invalid value: \"A\": spec.name in body should match '^[a-z]+$'",
        "{spec: {name: a, phase: Lost}} | spec.phase: Unsupported value: \"Lost\": supported values: \"Ready\", \"Failed\"",
        "{spec: {name: a, count: 0}} | spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1",
        "{spec: {name: a, count: 6}} | spec.count: Invalid value: 6: spec.count in body should be less than or equal to 5",
        "{spec: {name: a, port: 1.5}} | spec.port: Invalid value: \"number\": spec.port in body must be of type : \"number\"",
        "{spec: {name: a, list: []}} | spec.list: Invalid value: 0: spec.list in body should have at least 1 items",
        "{spec: {name: a, list: [1]}} | spec.list[0]: Invalid value: \"integer\": spec.list[0] in body must be of type string: \"integer\"",
        "{spec: {name: a, map: {x: y}}} | spec.map.x: Invalid value: \"string\": spec.map.x in body must be of type integer: \"string\"",
        "{spec: {name: a, either: {}}} | spec.either: Invalid value: \"object\": spec.either in body must validate one and only one schema (oneOf)",
      })
  void validates(String object, String violation) throws IOException {
    assertThat(SchemaValidator.validate(yaml(SCHEMA), yaml(object)))
        .extracting(one -> one.field() + ": " + one.message())
        .isEqualTo(violation == null ? java.util.List.of() : java.util.List.of(violation));
  }

  @Test
  void defaultsFillWhatIsAbsent() throws IOException {
    ObjectNode object = yaml("{spec: {name: a}}");
    SchemaDefaults.apply(yaml(SCHEMA), object);
    assertThat((JsonNode) object)
        .isEqualTo(yaml("{spec: {name: a, mode: {kind: plain, strict: false}}}"));
    ObjectNode partly = yaml("{spec: {mode: {kind: x}}}");
    SchemaDefaults.apply(yaml(SCHEMA), partly);
    assertThat((JsonNode) partly).isEqualTo(yaml("{spec: {mode: {kind: x, strict: false}}}"));
  }

  @Test
  void unknownFieldsArePruned() throws IOException {
    ObjectNode object =
        yaml(
            "{apiVersion: v1, kind: K, metadata: {a: b}, extra: 1,"
                + " spec: {name: a, nam: b, map: {k: 1}, open: {x: 1}, mode: {wrong: 1}}}");
    assertThat(SchemaPruning.prune(yaml(SCHEMA), object))
        .containsExactlyInAnyOrder("extra", "spec.nam", "spec.mode.wrong");
    assertThat((JsonNode) object)
        .isEqualTo(
            yaml(
                "{apiVersion: v1, kind: K, metadata: {a: b},"
                    + " spec: {name: a, map: {k: 1}, open: {x: 1}, mode: {}}}"));
  }
}
