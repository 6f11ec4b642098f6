package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with a gateway's pools because the tunnel does not carry their family: such an
 * egress IP would have the packets of all pods that are not on its own node dropped.
 */
public final class UntunnelledPools {

  private UntunnelledPools() {}

  /** At most one for each family. */
  public static List<Violation> of(EgressGatewaySpec spec, Set<IpFamily> tunnelled) {
    return Arrays.stream(IpFamily.values())
        .filter(family -> !tunnelled.contains(family) && !spec.pool(family).isEmpty())
        .map(family -> violation(family, spec.pool(family)))
        .toList();
  }

  /** What of the gateway can be served. */
  public static EgressGatewaySpec without(EgressGatewaySpec spec, Set<IpFamily> tunnelled) {
    return spec.withPools(carried(spec.ipv4(), tunnelled), carried(spec.ipv6(), tunnelled));
  }

  private static IpPool carried(IpPool pool, Set<IpFamily> tunnelled) {
    return tunnelled.contains(pool.family()) ? pool : IpPool.of(pool.family(), List.of());
  }

  private static Violation violation(IpFamily family, IpPool pool) {
    return switch (family) {
      case IPV4 -> violation("ipv4", "feature.enableIPv4 and feature.tunnelIpv4Subnet", pool);
      case IPV6 -> violation("ipv6", "feature.enableIPv6 and feature.tunnelIpv6Subnet", pool);
    };
  }

  private static Violation violation(String list, String values, IpPool pool) {
    return new Violation(
        "spec.ippools." + list,
        pool.toString(),
        "the tunnel carries no "
            + pool.family()
            + ", so only pods on the gateway nodes would use them",
        "set the chart's values " + values + ", or leave the pool empty");
  }
}
