package io.egressgateway.load.bench.cluster;

import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.lab.Patience;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often a policy and its endpoint slices are written while pods come. */
final class StatusWrites implements AutoCloseable {
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(5), Duration.ofMillis(20));

  private final String policy;
  private final AtomicInteger writes = new AtomicInteger();
  private final Map<String, Integer> endpoints = new ConcurrentHashMap<>();
  private final List<SharedIndexInformer<?>> informers;

  private StatusWrites(KubernetesClient client, String policy) {
    this.policy = policy;
    this.informers =
        List.of(
            client
                .resources(EgressPolicy.class)
                .inNamespace(ScaleObjects.NAMESPACE)
                .inform(new Counter<>()),
            client
                .resources(EgressEndpointSlice.class)
                .inNamespace(ScaleObjects.NAMESPACE)
                .inform(new Counter<>()));
  }

  /** Counts from now on. */
  static StatusWrites of(KubernetesClient client, String policy) {
    return new StatusWrites(client, policy);
  }

  /**
   * Every version of an object that an informer sees is a write; it may miss none but merged ones.
   */
  private final class Counter<T extends HasMetadata> implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      count(object);
    }

    @Override
    public void onUpdate(T before, T object) {
      if (!before
          .getMetadata()
          .getResourceVersion()
          .equals(object.getMetadata().getResourceVersion())) {
        count(object);
      }
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      count(object);
      endpoints.remove(object.getMetadata().getName());
    }

    private void count(T object) {
      String name = object.getMetadata().getName();
      if (!name.equals(policy) && !name.startsWith(policy + "-")) {
        return;
      }
      writes.incrementAndGet();
      if (object instanceof EgressEndpointSlice slice && slice.getEndpoints() != null) {
        endpoints.put(name, slice.getEndpoints().size());
      }
    }
  }

  /** How many writes there were when all slices together first listed so many pods. */
  int untilListed(int pods) throws Exception {
    return PATIENCE.await(
        "endpoint slices of %s with %d pods".formatted(policy, pods),
        () ->
            endpoints.values().stream().mapToInt(Integer::intValue).sum() == pods
                ? Optional.of(writes.get())
                : Optional.empty());
  }

  /** How many writes so far. */
  int soFar() {
    return writes.get();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
