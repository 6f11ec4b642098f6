package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.translate.GatewayAge;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.policy.domain.SpecVersion;
import java.util.List;

/**
 * An EgressGateway as the API has it.
 *
 * @param created RFC 3339; of two gateways that clash the later one stands back
 * @param orders of operators, in its annotations
 */
public record GatewayObject(
    GatewayName name,
    SpecVersion version,
    String created,
    Lifecycle lifecycle,
    Translation<EgressGatewaySpec> translation,
    List<GatewayOrder> orders) {

  /** Makes the list immutable. */
  public GatewayObject {
    orders = List.copyOf(orders);
  }

  /** Where the object stands between creation and deletion. */
  public enum Lifecycle {
    /** Nothing keeps it from disappearing yet. */
    UNGUARDED,
    /** Our finalizer keeps it until no policy uses it. */
    GUARDED,
    /** Somebody has deleted it; our finalizer still keeps it. */
    DELETING
  }

  /** By which the later of two that clash is told. */
  GatewayAge age() {
    return new GatewayAge(created, name);
  }

  /** Whether the object lacks something that we add: our finalizer, a default address. */
  boolean isIncomplete() {
    return switch (lifecycle) {
      case UNGUARDED -> true;
      case DELETING -> false;
      case GUARDED ->
          translation instanceof Translation.Valid<EgressGatewaySpec> valid
              && (lacksDefault(valid.spec(), IpFamily.IPV4)
                  || lacksDefault(valid.spec(), IpFamily.IPV6));
    };
  }

  private static boolean lacksDefault(EgressGatewaySpec spec, IpFamily family) {
    boolean named =
        switch (family) {
          case IPV4 -> spec.ipv4Default().isPresent();
          case IPV6 -> spec.ipv6Default().isPresent();
        };
    return !named && !spec.pool(family).isEmpty();
  }
}
