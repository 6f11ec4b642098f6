package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.translate.ClusterInfoSpec.Spared;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads an EgressClusterInfo. */
public final class ClusterInfoTranslator {

  /** Of {@code status.podCidrMode}. */
  public static final String MODE_SEPARATOR = ",";

  private static final EgressClusterInfo.AutoDetect EVERYTHING =
      new EgressClusterInfo.AutoDetect(null, null, null);

  private ClusterInfoTranslator() {}

  /** The spec, and everything that is wrong with it. */
  public static ClusterInfoReading translate(EgressClusterInfo info) {
    EgressClusterInfo.Spec spec = info.getSpec();
    if (spec == null) {
      return new ClusterInfoReading(ClusterInfoSpec.standard(), List.of());
    }
    List<Violation> violations = new ArrayList<>();
    EgressClusterInfo.AutoDetect detect =
        spec.autoDetect() == null ? EVERYTHING : spec.autoDetect();
    EnumSet<Spared> spared = EnumSet.noneOf(Spared.class);
    if (isOn(detect.clusterIP())) {
      spared.add(Spared.SERVICES);
    }
    if (isOn(detect.nodeIP())) {
      spared.add(Spared.NODES);
    }
    if (isOn(spec.spareLinkLocal())) {
      spared.add(Spared.LINK_LOCAL);
    }
    PodCidrMode mode = mode(detect.podCidrMode(), violations);
    CidrSet extra = CidrTranslator.read("spec.extraCidr", spec.extraCidr(), violations);
    return new ClusterInfoReading(new ClusterInfoSpec(spared, mode, extra), violations);
  }

  private static boolean isOn(@Nullable Boolean field) {
    return !Boolean.FALSE.equals(field);
  }

  private static PodCidrMode mode(@Nullable String field, List<Violation> violations) {
    if (field == null) {
      return PodCidrMode.AUTO;
    }
    Optional<PodCidrMode> mode = PodCidrMode.parse(field);
    if (mode.isEmpty()) {
      violations.add(
          new Violation(
              "spec.autoDetect.podCidrMode",
              field,
              "not a mode",
              "write auto, k8s, calico, cilium, weave or spiderpool, or leave it empty for none"));
    }
    return mode.orElse(PodCidrMode.AUTO);
  }

  /** What a status says is inside the cluster; what cannot be read of it is left out. */
  public static ClusterNetworks networks(EgressClusterInfo.Status status) {
    TreeMap<String, SortedSet<IpAddress>> nodes = new TreeMap<>();
    items(status.nodeIP())
        .forEach(
            (node, addresses) ->
                nodes.put(
                    node,
                    texts(addresses)
                        .flatMap(text -> IpAddress.parse(text).stream())
                        .collect(Collectors.toCollection(TreeSet::new))));
    TreeMap<String, CidrSet> pods = new TreeMap<>();
    items(status.podCIDR()).forEach((owner, blocks) -> pods.put(owner, blocks(texts(blocks))));
    return new ClusterNetworks(
        blocks(Stream.ofNullable(status.clusterIP()).flatMap(ClusterInfoTranslator::texts)),
        nodes,
        new ClusterNetworks.Pods(modes(status.podCidrMode()), pods),
        blocks(Texts.items(status.extraCidr()).stream()));
  }

  private static SortedSet<PodCidrMode> modes(@Nullable String said) {
    return Stream.ofNullable(said)
        .flatMap(text -> Stream.of(text.split(MODE_SEPARATOR, -1)))
        .flatMap(text -> PodCidrMode.parse(text).stream())
        .filter(mode -> mode != PodCidrMode.AUTO && mode != PodCidrMode.NONE)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, EgressClusterInfo.Addresses> items(
      @Nullable Map<String, EgressClusterInfo.Addresses> map) {
    return map == null ? Map.of() : map;
  }

  private static Stream<String> texts(EgressClusterInfo.Addresses addresses) {
    return Stream.concat(
        Texts.items(addresses.ipv4()).stream(), Texts.items(addresses.ipv6()).stream());
  }

  private static CidrSet blocks(Stream<String> texts) {
    return CidrSet.of(texts.flatMap(text -> Cidr.parseCidrOrAddress(text).stream()).toList());
  }
}
