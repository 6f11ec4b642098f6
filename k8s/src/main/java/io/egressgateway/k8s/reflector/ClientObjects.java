package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.time.Duration;
import java.util.Optional;

/** As a client has them. */
record ClientObjects<T extends HasMetadata, L extends KubernetesResourceList<T>>(
    FilterWatchListDeletable<T, L, ?> operation) implements ApiObjects<T> {
  /** No answer has to fit into memory as a whole. */
  private static final long PAGE_MAX = 500;

  @Override
  public Page<T> list(Optional<String> continuation) {
    L page =
        operation.list(
            new ListOptionsBuilder()
                .withLimit(PAGE_MAX)
                .withContinue(continuation.orElse(null))
                .build());
    ListMeta metadata = page.getMetadata();
    return new Page<>(
        page.getItems(),
        metadata.getResourceVersion(),
        Optional.ofNullable(metadata.getContinue()).filter(more -> !more.isEmpty()));
  }

  @Override
  public Watch watch(String version, Duration life, Watcher<T> watcher) {
    return operation.watch(
        new ListOptionsBuilder()
            .withResourceVersion(version)
            .withTimeoutSeconds(life.toSeconds())
            .withAllowWatchBookmarks(true)
            .build(),
        watcher);
  }
}
