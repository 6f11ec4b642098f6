package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some of the pods that an EgressClusterPolicy selects. Users only read it. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egressclusterendpointslices")
@ShortNames("egcep")
@JsonInclude(JsonInclude.Include.NON_NULL)
@AdditionalPrinterColumn(
    name = "age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "policy",
    jsonPath = ".metadata.labels.spidernet\\.io/policy-name",
    priority = 1)
public final class EgressClusterEndpointSlice extends CustomResource<Void, Void>
    implements EndpointSliceResource {

  private static final long serialVersionUID = 1L;

  @JsonPropertyDescription("At most 100 pods.")
  private List<EgressEndpointSlice.Endpoint> endpoints = List.of();

  @Override
  public List<EgressEndpointSlice.Endpoint> getEndpoints() {
    return endpoints;
  }

  @Override
  public void setEndpoints(@Nullable List<EgressEndpointSlice.Endpoint> endpoints) {
    this.endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
  }
}
