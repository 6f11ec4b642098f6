package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node's end of the tunnel mesh; it has the node's name. Users only read it. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("egresstunnels")
@ShortNames("egt")
@AdditionalPrinterColumn(name = "tunnelMac", jsonPath = ".status.tunnel.mac")
@AdditionalPrinterColumn(name = "tunnelIPv4", jsonPath = ".status.tunnel.ipv4")
@AdditionalPrinterColumn(name = "tunnelIPv6", jsonPath = ".status.tunnel.ipv6")
@AdditionalPrinterColumn(name = "mark", jsonPath = ".status.mark")
@AdditionalPrinterColumn(name = "phase", jsonPath = ".status.phase")
public final class EgressTunnel extends CustomResource<EgressTunnel.Spec, EgressTunnel.Status> {

  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable Spec initSpec() {
    return null;
  }

  @Override
  protected @Nullable Status initStatus() {
    return null;
  }

  /** There is nothing to ask for. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec() {}

  /** The node's place in the mesh; without a generation, as there is no spec to observe. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Nullable List<StatusCondition> conditions,
      @JsonPropertyDescription("When the node was last heard of.")
          @Nullable String lastHeartbeatTime,
      @JsonPropertyDescription("The packet mark that routes to this node.") @Nullable String mark,
      @Nullable Phase phase,
      @Nullable Tunnel tunnel) {}

  /** Addresses of the tunnel device. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tunnel(
      @Nullable String ipv4,
      @Nullable String ipv6,
      @Nullable String mac,
      @JsonPropertyDescription("The interface that carries the tunnel.") @Nullable Parent parent) {}

  /** The interface that carries the tunnel, and its addresses. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Parent(@Nullable String ipv4, @Nullable String ipv6, @Nullable String name) {}

  /** How far the node's end of the tunnel is. */
  public enum Phase {
    /** It has no address yet. */
    @JsonProperty("Pending")
    PENDING("Pending"),
    /** It has addresses; its agent has not set them up. */
    @JsonProperty("Init")
    INIT("Init"),
    /** Its agent could not set it up. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** It works. */
    @JsonProperty("Ready")
    READY("Ready"),
    /** Its agent is silent. */
    @JsonProperty("HeartbeatTimeout")
    HEARTBEAT_TIMEOUT("HeartbeatTimeout"),
    /** Kubernetes says that the node is not ready. */
    @JsonProperty("NodeNotReady")
    NODE_NOT_READY("NodeNotReady");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** As in the API. */
    @Override
    public String toString() {
      return text;
    }
  }
}
