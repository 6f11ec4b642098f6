package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.PoolEntry;
import io.egressgateway.core.model.PoolParse;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads which addresses networks give to pods, from their own objects. These are written and
 * checked by others: what is not as expected says nothing, and takes nothing else away.
 */
public final class PodNetworkTranslator {

  private static final String WEAVE_CONTAINER = "weave";
  private static final String WEAVE_RANGE = "IPALLOC_RANGE";

  /** Where nobody has set the variable. */
  private static final String WEAVE_RANGE_DEFAULT = "10.32.0.0/12";

  private PodNetworkTranslator() {}

  /** The block of an IPPool, {@code spec.cidr}. */
  public static CidrSet calico(GenericKubernetesResource pool) {
    return blocks(Stream.ofNullable(pool.get("spec", "cidr")));
  }

  /**
   * What a CiliumNode has for its pods: blocks in {@code spec.ipam.podCIDRs} (cluster scope and
   * Kubernetes' own) or in {@code spec.ipam.pools.allocated[].cidrs} (several pools), single
   * addresses as keys of {@code spec.ipam.pool} (clouds).
   */
  public static CidrSet cilium(GenericKubernetesResource node) {
    return blocks(
        Stream.of(
                items(node.get("spec", "ipam", "podCIDRs")),
                items(node.get("spec", "ipam", "pools", "allocated"))
                    .flatMap(allocated -> items(field(allocated, "cidrs"))),
                keys(node.get("spec", "ipam", "pool")),
                keys(node.get("spec", "ipam", "ipv6-pool")))
            .flatMap(found -> found));
  }

  /**
   * What a SpiderIPPool gives to pods: {@code spec.ips} without {@code spec.excludeIPs}. Its {@code
   * subnet} is the underlay's, which the outside is on, too.
   */
  public static CidrSet spiderpool(GenericKubernetesResource pool) {
    return ranges(items(pool.get("spec", "ips")))
        .minus(ranges(items(pool.get("spec", "excludeIPs"))));
  }

  /** The range that Weave Net was started with, of one of its own pods; all have the same. */
  public static CidrSet weave(Pod pod) {
    return blocks(
        pod.getSpec().getContainers().stream()
            .filter(container -> container.getName().equals(WEAVE_CONTAINER))
            .flatMap(PodNetworkTranslator::weave));
  }

  private static Stream<String> weave(Container container) {
    return container.getEnv().stream()
        .filter(variable -> variable.getName().equals(WEAVE_RANGE))
        .findFirst()
        .map((EnvVar set) -> Stream.ofNullable(set.getValue()))
        .orElseGet(() -> Stream.of(WEAVE_RANGE_DEFAULT));
  }

  private static CidrSet blocks(Stream<?> texts) {
    return CidrSet.of(
        texts.flatMap(text -> Cidr.parseCidrOrAddress(text.toString()).stream()).toList());
  }

  private static CidrSet ranges(Stream<?> texts) {
    return CidrSet.of(
        texts
            .flatMap(text -> range(text.toString()).stream())
            .flatMap(range -> range.toCidrs().stream())
            .toList());
  }

  private static Optional<IpRange> range(String text) {
    IpFamily family = text.indexOf(':') >= 0 ? IpFamily.IPV6 : IpFamily.IPV4;
    return switch (PoolEntry.parse(family, text)) {
      case PoolParse.Valid(IpRange range) -> Optional.of(range);
      case PoolParse.Invalid ignored -> Optional.empty();
    };
  }

  private static Stream<?> items(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().filter(Objects::nonNull) : Stream.empty();
  }

  private static Stream<?> keys(@Nullable Object map) {
    return map instanceof Map<?, ?> entries ? entries.keySet().stream() : Stream.empty();
  }

  private static @Nullable Object field(Object map, String name) {
    return map instanceof Map<?, ?> entries ? entries.get(name) : null;
  }
}
