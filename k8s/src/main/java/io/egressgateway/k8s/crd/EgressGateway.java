package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of nodes and a pool of egress IPs that these nodes may hold. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egressgateways")
@ShortNames("egw")
@AdditionalPrinterColumn(name = "ipv4DefaultEIP", jsonPath = ".spec.ippools.ipv4DefaultEIP")
@AdditionalPrinterColumn(name = "ipv6DefaultEIP", jsonPath = ".spec.ippools.ipv6DefaultEIP")
@AdditionalPrinterColumn(
    name = "clusterDefault",
    jsonPath = ".spec.clusterDefault",
    type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "ipv4Total",
    jsonPath = ".status.ipUsage.ipv4Total",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "ipv4Free",
    jsonPath = ".status.ipUsage.ipv4Free",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "ipv6Total",
    jsonPath = ".status.ipUsage.ipv6Total",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "ipv6Free",
    jsonPath = ".status.ipUsage.ipv6Free",
    type = AdditionalPrinterColumn.Type.INTEGER)
public final class EgressGateway extends CustomResource<EgressGateway.Spec, EgressGateway.Status> {

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
      @JsonPropertyDescription(
              "Labels of the namespaces whose policies it serves; if empty every namespace. Cluster"
                  + " policies are served in any case.")
          @Nullable SelectorTerms allowedNamespaces,
      @JsonPropertyDescription(
              "Serve the policies that name no gateway. At most one gateway of the cluster may.")
          @Nullable Boolean clusterDefault,
      @JsonPropertyDescription(
              "Make the connections through its egress IPs known to another node all the time, so"
                  + " that they survive when the node that holds an egress IP crashes.")
          @Nullable ConnectionReplication connectionReplication,
      @JsonPropertyDescription(
              "While no node holds an egress IP, let new connections out with another address"
                  + " instead of dropping them. Default: false.")
          @Nullable Boolean failOpen,
      @JsonPropertyDescription("The addresses to hand out.") @Nullable IpPools ippools,
      @JsonPropertyDescription("The nodes that may hold the addresses.")
          @Nullable NodeSelector nodeSelector,
      @JsonPropertyDescription(
              "What a node does with the egress IPs when it reaches no majority of the witnesses."
                  + " Close (default): it stops within the lease, and they move. Hold: it goes on,"
                  + " and if it dies they stay until 'egctl fence' says that the machine is off.")
          @Nullable
          @Pattern("^(Close|Hold)$")
          String onWitnessLoss) {}

  /** Whether connections survive a crash. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ConnectionReplication(
      @JsonPropertyDescription(
              "It costs the node that holds an egress IP a reading of its connection table each"
                  + " second. Default: false.")
          @Nullable Boolean enabled) {}

  /** The addresses to hand out. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record IpPools(
      @JsonPropertyDescription("Each item is an IPv4 address, a range a-b or a CIDR.")
          @Nullable List<String> ipv4,
      @JsonPropertyDescription(
              "The address of policies that ask for none; chosen from the pool if empty.")
          @Nullable String ipv4DefaultEIP,
      @JsonPropertyDescription("Each item is an IPv6 address, a range a-b or a CIDR.")
          @Nullable List<String> ipv6,
      @JsonPropertyDescription(
              "The address of policies that ask for none; chosen from the pool if empty.")
          @Nullable String ipv6DefaultEIP) {}

  /** Which nodes. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record NodeSelector(
      @JsonPropertyDescription("Accepted and not used.") @Nullable String policy,
      @JsonPropertyDescription("Labels of the nodes; may not be empty.")
          @Nullable SelectorTerms selector) {}

  /** What has become of it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Nullable List<StatusCondition> conditions,
      @Nullable IpUsage ipUsage,
      @JsonPropertyDescription("The nodes that the selector matches.")
          @Nullable List<NodeStatus> nodeList,
      @JsonPropertyDescription("The generation of the spec that this status is about.")
          @Nullable Long observedGeneration) {}

  /** Numbers of addresses; a pool that a long cannot count shows the highest long. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record IpUsage(long ipv4Free, long ipv4Total, long ipv6Free, long ipv6Total) {}

  /**
   * A node of the gateway.
   *
   * @param status the phase of the node's EgressTunnel
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record NodeStatus(
      @JsonPropertyDescription("The egress IPs that the node holds.") @Nullable List<Eip> eips,
      @Nullable String name,
      @JsonPropertyDescription("The phase of the node's EgressTunnel.") @Nullable String status) {}

  /** An egress IP, or a pair of one of each family, and who uses it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Eip(
      @Nullable String ipv4, @Nullable String ipv6, @Nullable List<PolicyReference> policies) {}

  /** A policy; without a namespace it is an EgressClusterPolicy. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record PolicyReference(@Nullable String name, @Nullable String namespace) {}
}
