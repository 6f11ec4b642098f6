package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some of the pods that an EgressPolicy selects. Users only read it. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egressendpointslices")
@ShortNames("egep")
@JsonInclude(JsonInclude.Include.NON_NULL)
@AdditionalPrinterColumn(
    name = "age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "policy",
    jsonPath = ".metadata.labels.spidernet\\.io/policy-name",
    priority = 1)
public final class EgressEndpointSlice extends CustomResource<Void, Void>
    implements Namespaced, EndpointSliceResource {

  private static final long serialVersionUID = 1L;

  @JsonPropertyDescription("At most 100 pods.")
  private List<Endpoint> endpoints = List.of();

  @Override
  public List<Endpoint> getEndpoints() {
    return endpoints;
  }

  @Override
  public void setEndpoints(@Nullable List<Endpoint> endpoints) {
    this.endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
  }

  /** A pod. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Endpoint(
      @Nullable List<String> ipv4,
      @Nullable List<String> ipv6,
      @Nullable String node,
      @Nullable String ns,
      @Nullable String pod) {
    public Endpoint {
      ipv4 = ipv4 == null ? null : List.copyOf(ipv4);
      ipv6 = ipv6 == null ? null : List.copyOf(ipv6);
    }
  }
}
