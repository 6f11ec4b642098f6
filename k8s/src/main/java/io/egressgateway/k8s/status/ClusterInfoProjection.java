package io.egressgateway.k8s.status;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressClusterInfo.Addresses;
import io.egressgateway.k8s.translate.ClusterInfoTranslator;
import io.egressgateway.k8s.translate.ClusterNetworks;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of an EgressClusterInfo. */
final class ClusterInfoProjection {

  private ClusterInfoProjection() {}

  /**
   * What the status should be.
   *
   * @param before what the object has
   */
  static EgressClusterInfo.Status of(
      Wanted.OfClusterInfo wanted, EgressClusterInfo.@Nullable Status before, Instant now) {
    ClusterNetworks networks = wanted.networks();
    return new EgressClusterInfo.Status(
        addresses(networks.services()),
        Conditions.project(wanted.verdict(), before == null ? null : before.conditions(), now),
        texts(networks.extra().cidrs()),
        map(networks.nodes(), ClusterInfoProjection::addresses),
        wanted.verdict().observedGeneration().orElse(null),
        map(networks.pods().blocks(), ClusterInfoProjection::addresses),
        networks.pods().from().stream()
            .map(Object::toString)
            .collect(Collectors.joining(ClusterInfoTranslator.MODE_SEPARATOR)));
  }

  private static <T> Map<String, Addresses> map(
      SortedMap<String, T> values, Function<T, Addresses> project) {
    TreeMap<String, Addresses> projected = new TreeMap<>();
    values.forEach((name, value) -> projected.put(name, project.apply(value)));
    return projected;
  }

  private static Addresses addresses(CidrSet blocks) {
    return new Addresses(
        texts(blocks.only(IpFamily.IPV4).cidrs()), texts(blocks.only(IpFamily.IPV6).cidrs()));
  }

  private static Addresses addresses(Collection<IpAddress> addresses) {
    return new Addresses(of(IpFamily.IPV4, addresses), of(IpFamily.IPV6, addresses));
  }

  private static List<String> of(IpFamily family, Collection<IpAddress> addresses) {
    return texts(addresses.stream().filter(address -> address.family() == family).toList());
  }

  private static List<String> texts(Collection<?> values) {
    return values.stream().map(Object::toString).toList();
  }
}
