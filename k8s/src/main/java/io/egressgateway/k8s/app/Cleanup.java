package io.egressgateway.k8s.app;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects in the order in which controllers can let go of them: policies, then gateways,
 * then what was made of both. Whatever kinds of ours the API has; a kind without a definition has
 * no objects.
 *
 * @param patience until finalizers are removed, for each kind
 * @param pause between two looks, of length {@link #POLL}
 */
record Cleanup(KubernetesClient client, Duration patience, Pause pause) {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

  static final Duration POLL = Duration.ofMillis(500);

  private static final String GROUP_VERSION = "egressgateway.spidernet.io/v1beta1";
  private static final String GROUP = "egressgateway.spidernet.io";
  private static final String VERSION = "v1beta1";

  /** First those that hold others. */
  private static final List<String> ORDER =
      List.of("EgressPolicy", "EgressClusterPolicy", "EgressGateway");

  private static final String WITHOUT_FINALIZERS = "{\"metadata\":{\"finalizers\":null}}";

  /** Waits a moment. */
  @FunctionalInterface
  interface Pause {
    void sleep() throws InterruptedException;
  }

  /** Deletes the webhook configurations of this name; those that are not there are deleted. */
  void webhooks(String name) {
    client.admissionRegistration().v1().validatingWebhookConfigurations().withName(name).delete();
    client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name).delete();
  }

  /**
   * Deletes all objects of all our kinds.
   *
   * @param said receives one line per kind, for people
   */
  void objects(Consumer<String> said) throws InterruptedException {
    APIResourceList kinds = client.getApiResources(GROUP_VERSION);
    if (kinds == null) {
      said.accept("the cluster has no kinds of " + GROUP_VERSION);
      return;
    }
    List<APIResource> ordered =
        kinds.getResources().stream()
            .filter(kind -> !kind.getName().contains("/"))
            .sorted(Comparator.comparingInt(Cleanup::place).thenComparing(APIResource::getName))
            .toList();
    for (APIResource kind : ordered) {
      said.accept(kind.getName() + ": " + objects(kind) + " deleted");
    }
  }

  private static int place(APIResource kind) {
    int place = ORDER.indexOf(kind.getKind());
    return place < 0 ? ORDER.size() : place;
  }

  private int objects(APIResource kind) throws InterruptedException {
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(GROUP)
            .withVersion(VERSION)
            .withKind(kind.getKind())
            .withPlural(kind.getName())
            .withNamespaced(Boolean.TRUE.equals(kind.getNamespaced()))
            .build();
    List<GenericKubernetesResource> left = list(context);
    int found = left.size();
    long looks = patience.dividedBy(POLL);
    for (long look = 0; look < looks && !left.isEmpty(); look++) {
      left.stream()
          .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
          .forEach(object -> ask(context, object));
      pause.sleep();
      left = list(context);
    }
    for (GenericKubernetesResource object : left) {
      Resource<GenericKubernetesResource> held = one(context, object);
      held.patch(PatchContext.of(PatchType.JSON_MERGE), WITHOUT_FINALIZERS);
      held.delete();
    }
    return found;
  }

  /**
   * Asks for the deletion of an object. A refusal may come from webhooks that the API server asks
   * for a moment longer than their configurations are there; what is refused to the end is thrown
   * at the end.
   */
  private void ask(ResourceDefinitionContext context, GenericKubernetesResource object) {
    try {
      one(context, object).delete();
    } catch (KubernetesClientException refused) {
      LOG.debug(
          "deletion refused kind={} name={} cause=\"{}\"",
          object.getKind(),
          object.getMetadata().getName(),
          refused.getMessage());
    }
  }

  private List<GenericKubernetesResource> list(ResourceDefinitionContext context) {
    return client.genericKubernetesResources(context).inAnyNamespace().list().getItems();
  }

  private Resource<GenericKubernetesResource> one(
      ResourceDefinitionContext context, GenericKubernetesResource object) {
    String name = object.getMetadata().getName();
    return context.isNamespaceScoped()
        ? client
            .genericKubernetesResources(context)
            .inNamespace(object.getMetadata().getNamespace())
            .withName(name)
        : client.genericKubernetesResources(context).withName(name);
  }
}
