package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.translate.ClusterInfoSpec.Spared;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is inside the cluster, as far as it is asked for and was found out.
 *
 * @param services addresses of services
 * @param nodes addresses of each node
 * @param pods blocks of pods' addresses
 * @param extra what the user has added
 */
public record ClusterNetworks(
    CidrSet services, SortedMap<String, SortedSet<IpAddress>> nodes, Pods pods, CidrSet extra) {

  /** Never outside the cluster, wherever it is: this host, this link, groups of receivers. */
  public static final CidrSet NEVER_OUTSIDE =
      CidrSet.of(
          Stream.of(
                  "127.0.0.0/8",
                  "224.0.0.0/4",
                  "255.255.255.255/32",
                  "::1/128",
                  "fe80::/10",
                  "ff00::/8")
              .map(Cidr::of)
              .toList());

  /** Spared unless an EgressClusterInfo says otherwise. */
  public static final Cidr LINK_LOCAL = Cidr.of("169.254.0.0/16");

  public ClusterNetworks {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /**
   * Blocks of pods' addresses.
   *
   * @param from who says so; neither {@link PodCidrMode#AUTO} nor {@link PodCidrMode#NONE}
   * @param blocks of each pool, or of each node
   */
  public record Pods(SortedSet<PodCidrMode> from, SortedMap<String, CidrSet> blocks) {
    public Pods {
      from = Collections.unmodifiableSortedSet(new TreeSet<>(from));
      blocks = Collections.unmodifiableSortedMap(new TreeMap<>(blocks));
    }

    /** Where nobody says anything. */
    public static Pods none() {
      return new Pods(Collections.emptySortedSet(), Collections.emptySortedMap());
    }
  }

  /**
   * What the cluster tells, whether or not it is asked for.
   *
   * @param services addresses of services, empty where nobody knows them
   * @param pods what each network has for pods, by its pools or nodes; not what Kubernetes has
   */
  public record Found(
      CidrSet services,
      Map<PodCidrMode, SortedMap<String, CidrSet>> pods,
      Collection<NodeFacts> nodes) {}

  /** Where nothing is known. */
  public static ClusterNetworks unknown() {
    return new ClusterNetworks(CidrSet.empty(), new TreeMap<>(), Pods.none(), CidrSet.empty());
  }

  /** Of what was found, that which is asked for. */
  public static ClusterNetworks of(ClusterInfoSpec spec, Found found) {
    TreeMap<String, SortedSet<IpAddress>> nodes = new TreeMap<>();
    if (spec.spared().contains(Spared.NODES)) {
      found.nodes().stream()
          .filter(node -> !node.network().internal().isEmpty())
          .forEach(node -> nodes.put(node.id().name().toString(), node.network().internal()));
    }
    return new ClusterNetworks(
        spec.spared().contains(Spared.SERVICES) ? found.services() : CidrSet.empty(),
        nodes,
        pods(spec.podCidrMode(), found),
        spec.extra());
  }

  private static Pods pods(PodCidrMode mode, Found found) {
    TreeSet<PodCidrMode> asked = new TreeSet<>();
    switch (mode) {
      case NONE -> {}
      case AUTO -> {
        asked.addAll(found.pods().keySet());
        if (asked.stream().noneMatch(PodCidrMode::isPrimary)) {
          asked.add(PodCidrMode.KUBERNETES);
        }
      }
      default -> asked.add(mode);
    }
    TreeMap<String, CidrSet> blocks = new TreeMap<>();
    for (PodCidrMode one : asked) {
      said(one, found).forEach((name, said) -> blocks.merge(name, said, CidrSet::plus));
    }
    return new Pods(asked, blocks);
  }

  private static SortedMap<String, CidrSet> said(PodCidrMode mode, Found found) {
    if (mode != PodCidrMode.KUBERNETES) {
      return found.pods().getOrDefault(mode, Collections.emptySortedMap());
    }
    TreeMap<String, CidrSet> blocks = new TreeMap<>();
    found.nodes().stream()
        .filter(node -> !node.network().pods().isEmpty())
        .forEach(
            node -> blocks.put(node.id().name().toString(), CidrSet.of(node.network().pods())));
    return blocks;
  }

  /** All of it. */
  public CidrSet all() {
    List<Cidr> all = new ArrayList<>(services.cidrs());
    nodes.values().forEach(addresses -> addresses.stream().map(Cidr::ofAddress).forEach(all::add));
    pods.blocks().values().forEach(blocks -> all.addAll(blocks.cidrs()));
    all.addAll(extra.cidrs());
    return CidrSet.of(all);
  }
}
