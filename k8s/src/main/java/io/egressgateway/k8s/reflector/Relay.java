package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher.Action;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells the listener what is news in lists and watches. Thread-safe: watches overlap. */
final class Relay<T extends HasMetadata> {
  private final ReflectorListener<T> listener;
  private final Sightings sightings = new Sightings();
  private String version = "";
  private String complaint = "";
  private boolean isClosed;

  Relay(ReflectorListener<T> listener) {
    this.listener = listener;
  }

  /** From which a watch goes on. */
  synchronized String version() {
    return version;
  }

  /** A page of a list. */
  synchronized void onPage(List<T> objects) {
    objects.forEach(object -> tell(sightings.listed(object.getMetadata()), object));
  }

  /**
   * A list has ended. What it lacks is told, unless that is much and no list before it said so.
   *
   * @param keys of all that it has
   * @param before what the list before it lacked that was not believed, if there was one
   * @return what it lacks that is not believed; empty if the list is
   */
  synchronized Set<ObjectId> onListed(Set<String> keys, String listVersion, Set<ObjectId> before) {
    List<ObjectId> missing = sightings.missing(keys);
    if (!sightings.isCredible(missing, before)) {
      if (!isClosed) {
        listener.doubted(missing.size(), sightings.count());
      }
      return new HashSet<>(missing);
    }
    sightings.forget(missing);
    version = listVersion;
    complaint = "";
    if (!isClosed) {
      missing.forEach(listener::deleted);
      listener.listed();
    }
    return Set.of();
  }

  /**
   * A watch says something.
   *
   * @throws KubernetesClientException if it says that it cannot
   */
  synchronized void onEvent(Action action, T object) {
    ObjectMeta metadata = object.getMetadata();
    switch (action) {
      case ADDED, MODIFIED -> tell(sightings.shown(metadata), object);
      case DELETED -> {
        if (sightings.showsEnd(metadata) && !isClosed) {
          listener.deleted(ObjectId.of(metadata));
        }
      }
      case BOOKMARK -> {}
      case ERROR -> throw new KubernetesClientException("the watch failed: " + object);
    }
    version = metadata.getResourceVersion();
  }

  /** Another watch takes over from the present one. */
  synchronized void onNextWatch() {
    sightings.nextWatch();
    complaint = "";
  }

  synchronized void onFailure(Throwable failure) {
    if (failure.getCause() != null) {
      onFailure(failure.getCause());
    } else if (!isClosed && !failure.toString().equals(complaint)) {
      complaint = failure.toString();
      listener.failed(failure);
    }
  }

  /** Nothing is told any more. */
  synchronized void close() {
    isClosed = true;
  }

  private void tell(Sightings.Sight sight, T object) {
    if (sight instanceof Sightings.News(var replaced) && !isClosed) {
      replaced.ifPresent(listener::deleted);
      // Who manages which field matters to the server alone, and is most of a small object.
      object.getMetadata().setManagedFields(List.of());
      listener.upserted(object);
    }
  }
}
