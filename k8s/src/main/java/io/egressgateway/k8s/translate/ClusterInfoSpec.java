package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.CidrSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an EgressClusterInfo asks for, checked and with every default filled in.
 *
 * @param spared what no policy takes
 * @param podCidrMode where the addresses of pods are found out from; no policy takes them either
 * @param extra further destinations that no policy takes
 */
public record ClusterInfoSpec(Set<Spared> spared, PodCidrMode podCidrMode, CidrSet extra) {

  public ClusterInfoSpec {
    spared = Collections.unmodifiableSet(copy(spared));
  }

  private static EnumSet<Spared> copy(Set<Spared> spared) {
    EnumSet<Spared> copy = EnumSet.noneOf(Spared.class);
    copy.addAll(spared);
    return copy;
  }

  /** Destinations that no policy takes. */
  public enum Spared {
    /** The addresses of services. */
    SERVICES,
    /** The internal addresses of nodes. */
    NODES,
    /** 169.254.0.0/16. */
    LINK_LOCAL
  }

  /** What holds where nobody says anything. */
  public static ClusterInfoSpec standard() {
    return new ClusterInfoSpec(EnumSet.allOf(Spared.class), PodCidrMode.AUTO, CidrSet.empty());
  }
}
