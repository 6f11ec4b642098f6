package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods of a namespace whose traffic to outside the cluster leaves with an egress IP. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egresspolicies")
@ShortNames("egp")
@AdditionalPrinterColumn(name = "gateway", jsonPath = ".spec.egressGatewayName")
@AdditionalPrinterColumn(name = "ipv4", jsonPath = ".status.eip.ipv4")
@AdditionalPrinterColumn(name = "ipv6", jsonPath = ".status.eip.ipv6")
@AdditionalPrinterColumn(name = "egressNode", jsonPath = ".status.node")
public final class EgressPolicy extends CustomResource<EgressPolicy.Spec, EgressPolicy.Status>
    implements Namespaced, EgressPolicyResource {

  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable Spec initSpec() {
    return null;
  }

  @Override
  protected @Nullable Status initStatus() {
    return null;
  }

  /** What the user asks for. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Spec(
      @JsonPropertyDescription("The pods whose traffic is meant.") @Required
          @Nullable AppliedTo appliedTo,
      @JsonPropertyDescription(
              "Where to: CIDRs or addresses; empty means everything outside the cluster.")
          @Nullable List<String> destSubnet,
      @JsonPropertyDescription(
              "The gateway; if empty the one that the namespace's label names, else the cluster's"
                  + " default.")
          @Nullable String egressGatewayName,
      @JsonPropertyDescription("Which source address.")
          @Default("{\"allocatorPolicy\":\"default\",\"useNodeIP\":false}")
          @Nullable EgressIp egressIP,
      @JsonPropertyDescription("Destinations that the policy leaves alone: CIDRs or addresses.")
          @Nullable List<String> exceptSubnet,
      @JsonPropertyDescription(
              "Of policies that select the same packet the one with the lowest value counts: 1 to"
                  + " 65536, 1000 if absent.")
          @Nullable Long priority) {

    /** The same with this gateway. */
    public Spec withGateway(String gateway) {
      return new Spec(appliedTo, destSubnet, gateway, egressIP, exceptSubnet, priority);
    }
  }

  /** Which source address. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EgressIp(
      @JsonPropertyDescription(
              "default: the gateway's default address; rr: an address that no policy has.")
          @Default("default")
          @Nullable String allocatorPolicy,
      @JsonPropertyDescription("An address of the gateway's pool.") @Nullable String ipv4,
      @JsonPropertyDescription("An address of the gateway's pool.") @Nullable String ipv6,
      @JsonPropertyDescription("Use the gateway node's own address.") @Default("false")
          @Nullable Boolean useNodeIP) {}

  /** Which pods. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AppliedTo(
      @JsonPropertyDescription("Labels of the pods; may not be empty.")
          @Nullable SelectorTerms podSelector,
      @JsonPropertyDescription(
              "CIDRs or addresses of the pods; exclusive with podSelector. Pods of other namespaces"
                  + " are not meant.")
          @Nullable List<String> podSubnet) {}

  /** What has become of it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Nullable List<StatusCondition> conditions,
      @JsonPropertyDescription("The egress IP of each family.") @Nullable Eip eip,
      @JsonPropertyDescription("The node that holds the egress IP.") @Nullable String node,
      @JsonPropertyDescription("The generation of the spec that this status is about.")
          @Nullable Long observedGeneration) {}

  /** The egress IP of each family. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Eip(@Nullable String ipv4, @Nullable String ipv6) {}
}
