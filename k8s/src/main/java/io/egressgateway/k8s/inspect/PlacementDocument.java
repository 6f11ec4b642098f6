package io.egressgateway.k8s.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.egressgateway.policy.entity.GatewayEntity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an egress IP is where it is, in its gateway's words, as JSON has it.
 *
 * @param policies that have it, as {@code EgressPolicy/namespace/name}
 * @param wanted name of the node that should hold it
 * @param holding what its ledger says: Programmed, Assigned, Leaving, Nobody, Unplaced, Occupied
 * @param holder name of the node that owns it
 * @param refuge name of the node that would get it, should the session of {@code wanted} end now
 * @param nodes those that the gateway's selector matches
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlacementDocument(
    String gateway,
    String address,
    List<String> policies,
    @Nullable String wanted,
    String holding,
    @Nullable String holder,
    @Nullable String refuge,
    List<Node> nodes) {
  public PlacementDocument {
    policies = List.copyOf(policies);
    nodes = List.copyOf(nodes);
  }

  /**
   * A node that might hold it.
   *
   * @param eligibility Kubernetes' word
   * @param lease the agent's; absent until it has spoken
   * @param fitness what follows from both
   * @param egressIps of the gateway that are placed there
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Node(
      String name, String eligibility, @Nullable String lease, String fitness, int egressIps) {}

  static PlacementDocument of(String gateway, GatewayEntity.Explained explained) {
    GatewayEntity.Place place = explained.place();
    return new PlacementDocument(
        gateway,
        explained.address().toString(),
        explained.users().stream().map(Object::toString).toList(),
        place.wanted().map(Object::toString).orElse(null),
        place.holding().getClass().getSimpleName(),
        place.holding().holder().map(Object::toString).orElse(null),
        place.refuge().map(Object::toString).orElse(null),
        explained.members().entrySet().stream()
            .map(
                member ->
                    new Node(
                        member.getKey().toString(),
                        member.getValue().eligibility().toString(),
                        member.getValue().lease().map(Object::toString).orElse(null),
                        member.getValue().fitness().toString(),
                        member.getValue().addresses()))
            .toList());
  }
}
