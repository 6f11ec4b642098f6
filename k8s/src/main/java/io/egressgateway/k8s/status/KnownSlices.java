package io.egressgateway.k8s.status;

import io.egressgateway.core.collection.SharedValues;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressEndpointSlice.Endpoint;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All slices as the API has them, as far as the only one who writes them knows: read at once, and
 * followed by what he writes himself. Who finds that they are not so, or does not know what became
 * of a write, lets them be read anew. Thread-safe.
 */
final class KnownSlices {
  /** Slices that bear the label of a policy, which is not yet to be of this policy. */
  private record Place(Optional<String> namespace, @Nullable String label) {
    static Place of(EndpointSliceResource slice) {
      Map<String, String> labels = slice.getMetadata().getLabels();
      return new Place(
          Optional.ofNullable(slice.getMetadata().getNamespace()),
          labels == null ? null : labels.get(ApiGroup.POLICY_NAME_LABEL));
    }

    static Place of(PolicyKey policy) {
      String label = EndpointProjection.label(policy.name());
      return switch (policy) {
        case PolicyKey.Namespaced key -> new Place(Optional.of(key.namespace()), label);
        case PolicyKey.ClusterScoped ignored -> new Place(Optional.empty(), label);
      };
    }
  }

  private final Supplier<Collection<? extends EndpointSliceResource>> reading;
  private final Map<Place, Map<String, EndpointSliceResource>> slices = new HashMap<>();
  private final SharedValues<String> texts = new SharedValues<>();
  private boolean read;

  /**
   * @param reading all slices of both scopes; blocks
   */
  KnownSlices(Supplier<Collection<? extends EndpointSliceResource>> reading) {
    this.reading = reading;
  }

  /** Those that bear the policy's label, which must not be changed. */
  synchronized List<EndpointSliceResource> of(PolicyKey policy) {
    if (!read) {
      slices.clear();
      reading.get().forEach(this::written);
      read = true;
    }
    return List.copyOf(slices.getOrDefault(Place.of(policy), Map.of()).values());
  }

  /** The API has this one now. */
  synchronized void written(EndpointSliceResource slice) {
    slice.setEndpoints(slice.getEndpoints().stream().map(this::shared).toList());
    slices
        .computeIfAbsent(Place.of(slice), place -> new HashMap<>())
        .put(slice.getMetadata().getName(), slice);
  }

  /** Many pods have a namespace and a node in common. */
  private Endpoint shared(Endpoint endpoint) {
    return new Endpoint(
        endpoint.ipv4(),
        endpoint.ipv6(),
        shared(endpoint.node()),
        shared(endpoint.ns()),
        endpoint.pod());
  }

  private @Nullable String shared(@Nullable String text) {
    return text == null ? null : texts.shared(text);
  }

  /** The API has this one no more. */
  synchronized void deleted(EndpointSliceResource slice) {
    slices.computeIfPresent(
        Place.of(slice),
        (place, others) -> {
          others.remove(slice.getMetadata().getName());
          return others.isEmpty() ? null : others;
        });
  }

  /** The next one who asks reads all of them. */
  synchronized void forget() {
    read = false;
  }
}
