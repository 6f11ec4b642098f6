package io.egressgateway.load.api;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** CRDs shaped like the product's, in a group of their own, and the guide's objects of them. */
final class Fixture {
  static final String API_VERSION = "test.egressgateway.io/v1beta1";
  static final ResourceDefinitionContext GATEWAYS =
      new ResourceDefinitionContext.Builder()
          .withGroup("test.egressgateway.io")
          .withVersion("v1beta1")
          .withKind("EgressGateway")
          .withPlural("egressgateways")
          .withNamespaced(false)
          .build();
  static final ResourceDefinitionContext SLICES =
      new ResourceDefinitionContext.Builder()
          .withGroup("test.egressgateway.io")
          .withVersion("v1beta1")
          .withKind("EgressEndpointSlice")
          .withPlural("egressendpointslices")
          .withNamespaced(true)
          .build();

  private Fixture() {}

  static InputStream open(String name) {
    return Objects.requireNonNull(Fixture.class.getResourceAsStream(name), name);
  }

  /** Copies a fixture to a file for kubectl. */
  static String file(Path folder, String name) {
    Path file = folder.resolve(name);
    try (InputStream in = open(name)) {
      Files.deleteIfExists(file);
      Files.copy(in, file);
      return file.toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Creates the CRDs and waits until they are served. */
  static void createDefinitions(KubernetesClient client) {
    client.load(open("crds.yaml")).serverSideApply();
    for (CustomResourceDefinition definition :
        client.apiextensions().v1().customResourceDefinitions().list().getItems()) {
      client
          .resource(definition)
          .waitUntilCondition(
              now ->
                  now != null
                      && now.getStatus() != null
                      && now.getStatus().getConditions() != null
                      && now.getStatus().getConditions().stream()
                          .anyMatch(
                              one ->
                                  one.getType().equals("Established")
                                      && one.getStatus().equals("True")),
              30,
              TimeUnit.SECONDS);
    }
  }

  static GenericKubernetesResource gateway(String name) {
    GenericKubernetesResource gateway = object("EgressGateway");
    gateway.getMetadata().setName(name);
    gateway.setAdditionalProperty(
        "spec", Map.of("ippools", Map.of("ipv4", List.of("10.6.168.201"))));
    return gateway;
  }

  static GenericKubernetesResource slice() {
    return object("EgressEndpointSlice");
  }

  private static GenericKubernetesResource object(String kind) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(API_VERSION);
    object.setKind(kind);
    object.setMetadata(new ObjectMeta());
    return object;
  }
}
