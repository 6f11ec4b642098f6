package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is inside the cluster, and so taken by no policy. Only the object "default" counts. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egressclusterinfos")
@ShortNames("egci")
@AdditionalPrinterColumn(
    name = "age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "podCidrMode", jsonPath = ".status.podCidrMode", priority = 1)
public final class EgressClusterInfo
    extends CustomResource<EgressClusterInfo.Spec, EgressClusterInfo.Status> {

  /** Name of the one object that counts. */
  public static final String SINGLETON = "default";

  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable Spec initSpec() {
    return null;
  }

  @Override
  protected @Nullable Status initStatus() {
    return null;
  }

  /** What is to be found out, and what cannot be. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Spec(
      @JsonPropertyDescription("What is found out.") @Nullable AutoDetect autoDetect,
      @JsonPropertyDescription("Further CIDRs or addresses that no policy takes.")
          @Nullable List<String> extraCidr,
      @JsonPropertyDescription(
              "Let no policy take IPv4 link-local destinations; the metadata service"
                  + " 169.254.169.254 of clouds is one. Default: true.")
          @Nullable Boolean spareLinkLocal) {}

  /** What is found out. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AutoDetect(
      @JsonPropertyDescription("The addresses of services.") @Default("true")
          @Nullable Boolean clusterIP,
      @JsonPropertyDescription("The internal addresses of nodes.") @Default("true")
          @Nullable Boolean nodeIP,
      @JsonPropertyDescription(
              "The addresses of pods: calico, from Calico's IPPools; cilium, from CiliumNodes; k8s,"
                  + " from the nodes' podCIDRs, as with Flannel; spiderpool, from SpiderIPPools;"
                  + " weave, from the range that Weave Net was started with; auto, from whatever of"
                  + " these is there, and from the nodes unless Calico, Cilium or Weave Net is;"
                  + " empty, not at all.")
          @Default("auto")
          @Nullable String podCidrMode) {}

  /** What was found out. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @JsonPropertyDescription("The addresses of services.") @Nullable Addresses clusterIP,
      @Nullable List<StatusCondition> conditions,
      @JsonPropertyDescription("As in the spec, in canonical form.")
          @Nullable List<String> extraCidr,
      @JsonPropertyDescription("The internal addresses of each node.")
          @Nullable Map<String, Addresses> nodeIP,
      @JsonPropertyDescription("The generation of the spec that this status is about.")
          @Nullable Long observedGeneration,
      @JsonPropertyDescription("The blocks of each pool or node that pods' addresses are from.")
          @Nullable Map<String, Addresses> podCIDR,
      @JsonPropertyDescription(
              "Where podCIDR is from: modes of the spec, separated by commas; empty for nowhere.")
          @Nullable String podCidrMode) {}

  /** Addresses or blocks of each family. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Addresses(@Nullable List<String> ipv4, @Nullable List<String> ipv6) {}
}
