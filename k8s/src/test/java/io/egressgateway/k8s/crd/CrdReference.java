package io.egressgateway.k8s.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every field of our kinds as a page in Markdown, out of their schemas. */
final class CrdReference {
  private static final String HEAD =
      """
      # Fields of the resources

      Made of the Java types that the definitions in `k8s/manifests/crds` are made of; a test holds the three together.
      Names of the API are `egressgateway.spidernet.io/v1beta1`. What is judged beyond types is said in words by the
      webhooks; [selection.md](selection.md) says what policies mean.
      """;

  /** Every object has them. */
  private static final Set<String> COMMON = Set.of("apiVersion", "kind", "metadata");

  private CrdReference() {}

  /** The page. */
  static String page(List<CustomResourceDefinition> definitions) {
    return HEAD + definitions.stream().map(CrdReference::section).collect(Collectors.joining());
  }

  private static String section(CustomResourceDefinition definition) {
    CustomResourceDefinitionVersion version = definition.getSpec().getVersions().getFirst();
    StringBuilder text = new StringBuilder();
    text.append("\n## ")
        .append(definition.getSpec().getNames().getKind())
        .append("\n\nShort name `")
        .append(String.join("`, `", definition.getSpec().getNames().getShortNames()))
        .append("`; ")
        .append(
            definition.getSpec().getScope().equals("Namespaced")
                ? "of a namespace"
                : "of the cluster")
        .append(".\n\n| field | type | default | |\n|---|---|---|---|\n");
    append(text, "", version.getSchema().getOpenAPIV3Schema());
    return text.toString();
  }

  private static void append(StringBuilder text, String prefix, JSONSchemaProps object) {
    Map<String, JSONSchemaProps> fields =
        new TreeMap<>(Optional.ofNullable(object.getProperties()).orElse(Map.of()));
    if (prefix.isEmpty()) {
      fields.keySet().removeAll(COMMON);
    }
    Set<String> required =
        new TreeSet<>(Optional.ofNullable(object.getRequired()).orElse(List.of()));
    fields.forEach(
        (name, field) -> {
          String path = prefix + name;
          text.append("| `")
              .append(path)
              .append("` | ")
              .append(type(field))
              .append(required.contains(name) ? ", required" : "")
              .append(" | ")
              .append(field.getDefault() == null ? "" : "`" + field.getDefault() + "`")
              .append(" | ")
              .append(description(field))
              .append(" |\n");
          append(text, path + ".", field);
          items(field).ifPresent(item -> append(text, path + "[].", item));
          values(field).ifPresent(value -> append(text, path + ".*.", value));
        });
  }

  private static String description(JSONSchemaProps field) {
    String text = Optional.ofNullable(field.getDescription()).orElse("");
    String values =
        Optional.ofNullable(field.getEnum()).orElse(List.of()).stream()
            .map(value -> "`" + value.asText() + "`")
            .collect(Collectors.joining(", "));
    return (text + (values.isEmpty() ? "" : (text.isEmpty() ? "" : " ") + "One of " + values + "."))
        .replace("|", "\\|")
        .replace("\n", " ");
  }

  private static String type(JSONSchemaProps field) {
    return items(field)
        .map(item -> "list of " + type(item))
        .or(() -> values(field).map(value -> "map of " + type(value)))
        .orElse(String.valueOf(field.getType()));
  }

  private static Optional<JSONSchemaProps> items(JSONSchemaProps field) {
    return Optional.ofNullable(field.getItems()).map(items -> items.getSchema());
  }

  private static Optional<JSONSchemaProps> values(JSONSchemaProps field) {
    return Optional.ofNullable(field.getAdditionalProperties()).map(values -> values.getSchema());
  }
}
