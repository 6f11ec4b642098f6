package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.IpRange;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a gateway's pools because somebody in the cluster has their addresses: a node,
 * services, pods. That a pool lies in a node's subnet is right; that it holds a node's own address
 * is not. What the user has added to the EgressClusterInfo may be a network that egress IPs are
 * from, too, and is not looked at.
 */
public final class NetworkConflicts {
  private static final int NAMED_MAX = 5;

  private NetworkConflicts() {}

  /** Addresses of a pool, and whose they are. */
  private record Conflict(IpRange range, Violation violation) {}

  /** The lowest few, family by family. */
  public static List<Violation> between(EgressGatewaySpec spec, ClusterNetworks networks) {
    List<Violation> violations = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      conflicts(spec.pool(family), networks).stream()
          .limit(NAMED_MAX)
          .map(Conflict::violation)
          .forEach(violations::add);
    }
    return List.copyOf(violations);
  }

  /** What of the gateway can be served: nobody is given what another has. */
  public static EgressGatewaySpec without(EgressGatewaySpec spec, ClusterNetworks networks) {
    return spec.withPools(free(spec.ipv4(), networks), free(spec.ipv6(), networks));
  }

  private static IpPool free(IpPool pool, ClusterNetworks networks) {
    CidrSet taken =
        CidrSet.of(
            conflicts(pool, networks).stream()
                .flatMap(conflict -> conflict.range().toCidrs().stream())
                .toList());
    return pool.without(IpPool.of(pool.family(), taken.ranges()));
  }

  private static List<Conflict> conflicts(IpPool pool, ClusterNetworks networks) {
    List<Conflict> conflicts = new ArrayList<>();
    networks
        .nodes()
        .forEach(
            (node, addresses) ->
                addresses.stream()
                    .filter(pool::contains)
                    .forEach(
                        address ->
                            conflicts.add(
                                conflict(
                                    pool,
                                    IpRange.single(address),
                                    "the own address of node " + node,
                                    "remove it; others of the node's subnet may stay"))));
    for (Cidr block : networks.services().cidrs()) {
      for (IpRange shared : shared(pool, block)) {
        conflicts.add(
            conflict(
                pool, shared, "among the addresses of services, " + block, outside("clusterIP")));
      }
    }
    networks
        .pods()
        .blocks()
        .forEach(
            (owner, blocks) -> {
              for (Cidr block : blocks.cidrs()) {
                for (IpRange shared : shared(pool, block)) {
                  conflicts.add(
                      conflict(
                          pool,
                          shared,
                          "among the addresses of pods, " + block + " of " + owner,
                          outside("podCIDR")));
                }
              }
            });
    return conflicts;
  }

  private static List<IpRange> shared(IpPool pool, Cidr block) {
    return pool.ranges().stream()
        .flatMap(range -> range.intersection(block.range()).stream())
        .toList();
  }

  private static String outside(String field) {
    return "write addresses outside of what status."
        + field
        + " of EgressClusterInfo default lists";
  }

  private static Conflict conflict(IpPool pool, IpRange range, String reason, String remedy) {
    String field =
        switch (pool.family()) {
          case IPV4 -> "spec.ippools.ipv4";
          case IPV6 -> "spec.ippools.ipv6";
        };
    return new Conflict(range, new Violation(field, range.toString(), reason, remedy));
  }
}
