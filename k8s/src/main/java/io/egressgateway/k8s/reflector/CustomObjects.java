package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of a custom resource, in all namespaces, read one by one. A server checks an object
 * against its kind's schema when it is written, and not when the schema changes: one that was
 * stored before, and cannot be read, must not hide all others.
 *
 * @param client is not closed
 * @param type what an object is read as
 */
public record CustomObjects<T extends HasMetadata>(KubernetesClient client, Class<T> type) {
  private static final Logger LOG = LoggerFactory.getLogger(CustomObjects.class);

  /** All of them, readable or not. */
  public FilterWatchListDeletable<GenericKubernetesResource, GenericKubernetesResourceList, ?>
      asStored() {
    return client
        .genericKubernetesResources(ResourceDefinitionContext.fromResourceType(type))
        .inAnyNamespace();
  }

  /**
   * Those that can be read. Blocks.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API refuses or does not
   *     answer
   */
  public List<T> list() {
    return list(new ListOptions());
  }

  /** As {@link #list()}, with these options. */
  public List<T> list(ListOptions options) {
    return asStored().list(options).getItems().stream()
        .flatMap(object -> read(object).stream())
        .toList();
  }

  /** The object, or nothing, which is logged, if it cannot be read. */
  Optional<T> read(GenericKubernetesResource object) {
    try {
      return Optional.of(client.getKubernetesSerialization().convertValue(object, type));
    } catch (IllegalArgumentException unreadable) {
      LOG.warn(
          "object ignored kind={} namespace={} name={} remedy=\"correct it or delete it: it does not"
              + " fit the schema\" cause=\"{}\"",
          object.getKind(),
          object.getMetadata().getNamespace(),
          object.getMetadata().getName(),
          unreadable.getMessage());
      return Optional.empty();
    }
  }

  /** Tells what can be read; what cannot be read any more stays as it was told last. */
  record Reading<T extends HasMetadata>(CustomObjects<T> objects, ReflectorListener<T> listener)
      implements ReflectorListener<GenericKubernetesResource> {
    @Override
    public void upserted(GenericKubernetesResource object) {
      objects.read(object).ifPresentOrElse(listener::upserted, () -> listener.unreadable(object));
    }

    @Override
    public void deleted(ObjectId object) {
      listener.deleted(object);
    }

    @Override
    public void listed() {
      listener.listed();
    }

    @Override
    public void doubted(int missing, int known) {
      listener.doubted(missing, known);
    }

    @Override
    public void failed(Throwable cause) {
      listener.failed(cause);
    }
  }
}
