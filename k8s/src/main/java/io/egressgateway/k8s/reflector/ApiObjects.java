package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The objects of one kind in the API. Both methods block, and throw a {@link
 * io.fabric8.kubernetes.client.KubernetesClientException} if the API refuses or does not answer.
 */
interface ApiObjects<T extends HasMetadata> {
  /**
   * Some of the objects.
   *
   * @param version of the whole list, from which a watch goes on
   * @param continuation where the next page begins, if there is one
   */
  record Page<T>(List<T> objects, String version, Optional<String> continuation) {}

  /**
   * A part of a list of what is there now.
   *
   * @param continuation from the page before
   */
  Page<T> list(Optional<String> continuation);

  /**
   * Shows what has happened since, until it is closed.
   *
   * @param version of what is known
   * @param life after which the server may end it
   */
  Watch watch(String version, Duration life, Watcher<T> watcher);
}
