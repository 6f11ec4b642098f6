package io.egressgateway.k8s.status;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressClusterEndpointSlice;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressEndpointSlice.Endpoint;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Endpoint slices as the API has them. */
final class EndpointProjection {

  /** The most characters of a label's value. */
  private static final int LABEL_MAX = 63;

  private EndpointProjection() {}

  /** An item of a slice; a family without address is absent, as it is when read back. */
  static Endpoint of(SliceEndpoint endpoint) {
    return new Endpoint(
        addresses(endpoint, IpFamily.IPV4),
        addresses(endpoint, IpFamily.IPV6),
        endpoint.node().toString(),
        endpoint.namespace(),
        endpoint.pod());
  }

  private static @Nullable List<String> addresses(SliceEndpoint endpoint, IpFamily family) {
    List<String> addresses =
        endpoint.addresses().stream()
            .filter(address -> address.family() == family)
            .map(IpAddress::toString)
            .toList();
    return addresses.isEmpty() ? null : addresses;
  }

  /** A slice without a name; it goes when its policy goes. */
  static EndpointSliceResource slice(Wanted.Slices wanted, List<Endpoint> endpoints) {
    EndpointSliceResource slice =
        switch (wanted.policy()) {
          case PolicyKey.Namespaced ignored -> new EgressEndpointSlice();
          case PolicyKey.ClusterScoped ignored -> new EgressClusterEndpointSlice();
        };
    slice.setMetadata(metadata(wanted));
    slice.setEndpoints(endpoints);
    return slice;
  }

  /** The slice that there is, with other endpoints. */
  static EndpointSliceResource slice(EndpointSliceResource found, List<Endpoint> endpoints) {
    EndpointSliceResource slice =
        switch (found) {
          case EgressEndpointSlice ignored -> new EgressEndpointSlice();
          case EgressClusterEndpointSlice ignored -> new EgressClusterEndpointSlice();
        };
    slice.setMetadata(found.getMetadata());
    slice.setEndpoints(endpoints);
    return slice;
  }

  private static ObjectMeta metadata(Wanted.Slices wanted) {
    PolicyKey policy = wanted.policy();
    return metadata(policy)
        .withGenerateName(policy.name() + "-")
        .addToLabels(ApiGroup.POLICY_NAME_LABEL, label(policy.name()))
        .addNewOwnerReference()
        .withApiVersion(ApiGroup.API_VERSION)
        .withKind(kind(policy))
        .withName(policy.name())
        .withUid(wanted.uid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .build();
  }

  private static ObjectMetaBuilder metadata(PolicyKey policy) {
    return switch (policy) {
      case PolicyKey.Namespaced key -> new ObjectMetaBuilder().withNamespace(key.namespace());
      case PolicyKey.ClusterScoped ignored -> new ObjectMetaBuilder();
    };
  }

  private static String kind(PolicyKey policy) {
    return switch (policy) {
      case PolicyKey.Namespaced ignored -> PolicyKey.NAMESPACED_KIND;
      case PolicyKey.ClusterScoped ignored -> PolicyKey.CLUSTER_KIND;
    };
  }

  /** The policy's name, or where that is too long for a label a part of it and a hash of all. */
  static String label(String policy) {
    if (policy.length() <= LABEL_MAX) {
      return policy;
    }
    String hash = "-%08x".formatted(policy.hashCode());
    return policy.substring(0, LABEL_MAX - hash.length()) + hash;
  }
}
