package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressEndpointSlice;
import io.egressgateway.k8s.crd.EgressEndpointSlice.Endpoint;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownSlicesTest {

  @Test
  void podsOfOneNamespaceAndNodeHaveTheirNamesInCommon() {
    KnownSlices slices = new KnownSlices(List::of);
    slices.of(new PolicyKey.Namespaced("shop", "web"));
    slices.written(slice("a", "pod-1", "10.244.1.1"));
    slices.written(slice("b", "pod-2", "10.244.1.2"));

    List<Endpoint> endpoints =
        slices.of(new PolicyKey.Namespaced("shop", "web")).stream()
            .flatMap(slice -> slice.getEndpoints().stream())
            .toList();
    assertThat(endpoints).extracting(Endpoint::pod).containsExactlyInAnyOrder("pod-1", "pod-2");
    assertThat(endpoints.getFirst().ns()).isEqualTo("shop").isSameAs(endpoints.getLast().ns());
    assertThat(endpoints.getFirst().node()).isEqualTo("w1").isSameAs(endpoints.getLast().node());
  }

  private static EgressEndpointSlice slice(String name, String pod, String address) {
    EgressEndpointSlice slice = new EgressEndpointSlice();
    slice.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("shop")
            .addToLabels(ApiGroup.POLICY_NAME_LABEL, "web")
            .build());
    slice.setEndpoints(
        List.of(
            new Endpoint(
                List.of(address),
                null,
                String.join("", "w", "1"),
                String.join("", "sh", "op"),
                pod)));
    return slice;
  }
}
