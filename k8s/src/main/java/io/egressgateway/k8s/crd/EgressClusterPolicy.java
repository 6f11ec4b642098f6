package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods of any namespace whose traffic to outside the cluster leaves with an egress IP. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egressclusterpolicies")
@ShortNames("egcp")
@AdditionalPrinterColumn(name = "gateway", jsonPath = ".spec.egressGatewayName")
@AdditionalPrinterColumn(name = "ipv4", jsonPath = ".status.eip.ipv4")
@AdditionalPrinterColumn(name = "ipv6", jsonPath = ".status.eip.ipv6")
@AdditionalPrinterColumn(name = "egressTunnel", jsonPath = ".status.node")
public final class EgressClusterPolicy
    extends CustomResource<EgressClusterPolicy.Spec, EgressPolicy.Status>
    implements EgressPolicyResource {

  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable Spec initSpec() {
    return null;
  }

  @Override
  protected EgressPolicy.@Nullable Status initStatus() {
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
      @JsonPropertyDescription("The gateway; if empty the cluster's default.")
          @Nullable String egressGatewayName,
      @JsonPropertyDescription("Which source address.")
          @Default("{\"allocatorPolicy\":\"default\",\"useNodeIP\":false}")
          EgressPolicy.@Nullable EgressIp egressIP,
      @JsonPropertyDescription("Destinations that the policy leaves alone: CIDRs or addresses.")
          @Nullable List<String> exceptSubnet,
      @JsonPropertyDescription(
              "Of policies that select the same packet the one with the lowest value counts: 1 to"
                  + " 65536, 32768 if absent.")
          @Nullable Long priority) {

    /** The same with this gateway. */
    public Spec withGateway(String gateway) {
      return new Spec(appliedTo, destSubnet, gateway, egressIP, exceptSubnet, priority);
    }
  }

  /** Which pods. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AppliedTo(
      @JsonPropertyDescription("Labels of the pods' namespaces; if empty every namespace.")
          @Nullable SelectorTerms namespaceSelector,
      @JsonPropertyDescription("Labels of the pods; may not be empty.")
          @Nullable SelectorTerms podSelector,
      @JsonPropertyDescription("CIDRs or addresses of the pods; exclusive with podSelector.")
          @Nullable List<String> podSubnet) {}
}
