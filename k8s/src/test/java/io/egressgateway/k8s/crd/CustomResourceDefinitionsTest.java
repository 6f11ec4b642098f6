package io.egressgateway.k8s.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class CustomResourceDefinitionsTest {

  private static final Path MANIFESTS = Path.of("manifests", "crds");

  @TestFactory
  List<DynamicTest> theCommittedDefinitionsAreThoseOfTheJavaTypes(@TempDir Path generated) {
    new CRDGenerator()
        .customResourceClasses(List.copyOf(CustomResourceDefinitions.KINDS))
        .withMinQuotes(true)
        .withPostProcessor(new AncestorConventions())
        .inOutputDir(generated.toFile())
        .generate();
    return CustomResourceDefinitions.KINDS.stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.getSimpleName(),
                    () ->
                        compareOrUpdate(
                            MANIFESTS.resolve(CustomResourceDefinitions.fileName(kind)),
                            Files.readString(
                                generated.resolve(CustomResource.getCRDName(kind) + "-v1.yml")))))
        .toList();
  }

  private static void compareOrUpdate(Path file, String generated) throws IOException {
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.createDirectories(MANIFESTS);
      Files.writeString(file, generated);
    }
    assertThat(file).as("UPDATE_GOLDEN=1 writes it anew").hasContent(generated);
  }

  @Test
  void columnsAreThoseThatTheGuideShowsAndTheOthersAreWide() {
    assertThat(columns("EgressPolicy")).containsExactly("gateway", "ipv4", "ipv6", "egressNode");
    assertThat(columns("EgressClusterPolicy"))
        .containsExactly("gateway", "ipv4", "ipv6", "egressTunnel");
    assertThat(columns("EgressGateway"))
        .containsExactly(
            "ipv4DefaultEIP",
            "ipv6DefaultEIP",
            "clusterDefault",
            "ipv4Total",
            "ipv4Free",
            "ipv6Total",
            "ipv6Free");
    assertThat(columns("EgressTunnel"))
        .containsExactly("tunnelMac", "tunnelIPv4", "tunnelIPv6", "mark", "phase");
    assertThat(columns("EgressEndpointSlice")).containsExactly("age");
    assertThat(columns("EgressClusterEndpointSlice")).containsExactly("age");
    assertThat(columns("EgressClusterInfo")).containsExactly("age");
  }

  @Test
  void namesAreThoseOfTheAncestor() {
    assertThat(CustomResourceDefinitions.all())
        .extracting(definition -> (CustomResourceDefinition) definition)
        .allSatisfy(
            definition ->
                assertThat(definition.getSpec().getNames().getCategories())
                    .containsExactly(definition.getSpec().getNames().getSingular()))
        .extracting(definition -> definition.getSpec().getNames().getShortNames().getFirst())
        .containsExactly("egcep", "egci", "egcp", "egep", "egw", "egp", "egt");
  }

  private static List<String> columns(String kind) {
    return CustomResourceDefinitions.all().stream()
        .map(CustomResourceDefinition.class::cast)
        .filter(definition -> definition.getSpec().getNames().getKind().equals(kind))
        .flatMap(definition -> definition.getSpec().getVersions().stream())
        .flatMap(version -> version.getAdditionalPrinterColumns().stream())
        .filter(column -> column.getPriority() == null)
        .map(CustomResourceColumnDefinition::getName)
        .toList();
  }

  @Test
  void conditionsAreAMapByTheirType() {
    assertThat(CustomResourceDefinitions.all())
        .map(CustomResourceDefinition.class::cast)
        .map(definition -> definition.getSpec().getVersions().getFirst().getSchema())
        .flatMap(schema -> named("status", schema.getOpenAPIV3Schema()).toList())
        .hasSize(5)
        .flatMap(status -> named("conditions", status).toList())
        .hasSize(5)
        .allSatisfy(
            conditions -> {
              assertThat(conditions.getXKubernetesListType()).isEqualTo("map");
              assertThat(conditions.getXKubernetesListMapKeys()).containsExactly("type");
            });
  }

  private static Stream<JSONSchemaProps> named(String property, JSONSchemaProps schema) {
    return Optional.ofNullable(schema.getProperties().get(property)).stream();
  }

  @Test
  void everyKindIsShipped() {
    assertThat(CustomResourceDefinitions.all())
        .extracting((HasMetadata definition) -> definition.getMetadata().getName())
        .containsExactly(
            "egressclusterendpointslices.egressgateway.spidernet.io",
            "egressclusterinfos.egressgateway.spidernet.io",
            "egressclusterpolicies.egressgateway.spidernet.io",
            "egressendpointslices.egressgateway.spidernet.io",
            "egressgateways.egressgateway.spidernet.io",
            "egresspolicies.egressgateway.spidernet.io",
            "egresstunnels.egressgateway.spidernet.io");
  }
}
