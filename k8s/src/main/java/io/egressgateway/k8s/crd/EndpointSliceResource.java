package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a policy of either scope. Read as its own type, not as whatever kind the text names.
 */
@JsonDeserialize(using = JsonDeserializer.None.class)
public sealed interface EndpointSliceResource extends HasMetadata
    permits EgressEndpointSlice, EgressClusterEndpointSlice {

  /** The most endpoints of one slice. */
  int ENDPOINTS_MAX = 100;

  /** The pods. */
  List<EgressEndpointSlice.Endpoint> getEndpoints();

  /** Replaces the pods. */
  void setEndpoints(@Nullable List<EgressEndpointSlice.Endpoint> endpoints);
}
