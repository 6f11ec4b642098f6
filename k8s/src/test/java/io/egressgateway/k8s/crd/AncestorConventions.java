package io.egressgateway.k8s.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourceStatus;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourcesBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the generator cannot express: the category, the order of the columns, the required metadata,
 * formats, the status subresource of a kind that has no status; and what all kinds with conditions
 * have: these are a map by their type, and columns say whether an object works.
 */
final class AncestorConventions implements CRDPostProcessor {

  private static final Set<String> TIMES = Set.of("lastTransitionTime", "lastHeartbeatTime");
  private static final Set<String> SLICES =
      Set.of(
          HasMetadata.getKind(EgressEndpointSlice.class),
          HasMetadata.getKind(EgressClusterEndpointSlice.class));
  private static final Set<String> LONGS =
      Set.of("observedGeneration", "priority", "ipv4Free", "ipv4Total", "ipv6Free", "ipv6Total");

  @Override
  public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
    if (!(generated instanceof CustomResourceDefinition definition)) {
      throw new IllegalStateException(generated + " is no apiextensions.k8s.io/v1 definition");
    }
    String kind = definition.getSpec().getNames().getKind();
    definition.getSpec().getNames().setCategories(List.of(kind.toLowerCase(Locale.ROOT)));
    definition.getSpec().getVersions().forEach(version -> adapt(version, kind));
    return definition;
  }

  private static void adapt(CustomResourceDefinitionVersion version, String kind) {
    List<String> columns = columnsOf(kind);
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparingInt(column -> columns.indexOf(column.getName())));
    version.getAdditionalPrinterColumns().forEach(AncestorConventions::leaveOutTheDefaultPriority);
    version.setSubresources(
        new CustomResourceSubresourcesBuilder()
            .withStatus(new CustomResourceSubresourceStatus())
            .build());
    JSONSchemaProps schema = version.getSchema().getOpenAPIV3Schema();
    if (SLICES.contains(kind)) {
      schema.getProperties().keySet().removeAll(Set.of("spec", "status"));
    }
    schema.getProperties().forEach(AncestorConventions::addFormats);
    Optional.ofNullable(schema.getProperties().get("status"))
        .map(JSONSchemaProps::getProperties)
        .map(properties -> properties.get("conditions"))
        .ifPresent(
            conditions -> {
              makeConditionsAMap(conditions);
              sayWhetherItWorks(version.getAdditionalPrinterColumns());
            });
    schema.getProperties().put("apiVersion", ofType("string"));
    schema.getProperties().put("kind", ofType("string"));
    schema.getProperties().put("metadata", ofType("object"));
    List<String> required = new ArrayList<>(schema.getRequired());
    required.add("metadata");
    schema.setRequired(required);
  }

  private static void leaveOutTheDefaultPriority(CustomResourceColumnDefinition column) {
    if (column.getPriority() == 0) {
      column.setPriority(null);
    }
  }

  /** As {@code metav1.Condition} says of lists of it. */
  private static void makeConditionsAMap(JSONSchemaProps conditions) {
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
  }

  /** For {@code -o wide}, behind what is always shown; the age too, where that is not. */
  private static void sayWhetherItWorks(List<CustomResourceColumnDefinition> columns) {
    long shown = columns.stream().filter(column -> column.getPriority() == null).count();
    columns.addAll(
        (int) shown,
        List.of(
            wide("ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
            wide("reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")));
    if (columns.stream().noneMatch(column -> column.getName().equals("age"))) {
      columns.add(wide("age", "date", ".metadata.creationTimestamp"));
    }
  }

  private static CustomResourceColumnDefinition wide(String name, String type, String path) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(path)
        .withPriority(1)
        .build();
  }

  private static List<String> columnsOf(String kind) {
    return CustomResourceDefinitions.KINDS.stream()
        .filter(type -> HasMetadata.getKind(type).equals(kind))
        .flatMap(type -> List.of(type.getAnnotationsByType(AdditionalPrinterColumn.class)).stream())
        .map(AdditionalPrinterColumn::name)
        .toList();
  }

  private static void addFormats(String name, JSONSchemaProps schema) {
    if (TIMES.contains(name)) {
      schema.setFormat("date-time");
    }
    if (LONGS.contains(name)) {
      schema.setFormat("int64");
    }
    Map<String, JSONSchemaProps> properties = schema.getProperties();
    if (properties != null) {
      properties.forEach(AncestorConventions::addFormats);
    }
    if (schema.getItems() != null) {
      addFormats(name, schema.getItems().getSchema());
    }
  }

  private static JSONSchemaProps ofType(String type) {
    return new JSONSchemaPropsBuilder().withType(type).build();
  }
}
