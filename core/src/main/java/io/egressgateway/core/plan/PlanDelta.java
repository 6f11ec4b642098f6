package io.egressgateway.core.plan;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;
import java.util.Optional;

/**
 * The way from one revision of a node's plan to a later one. {@code between(a, b).applyTo(a)}
 * equals {@code b}; applying a delta to any other revision is an error, never a guess.
 *
 * @param base the revision that the delta applies to
 * @param revision the revision that it leads to
 * @param mesh what changes in the tunnel mesh
 * @param selection what changes in the selection of packets
 * @param ownership what changes in where egress IPs are
 */
public record PlanDelta(
    Revision base,
    Revision revision,
    MeshDelta mesh,
    SelectionDelta selection,
    OwnershipDelta ownership) {

  /**
   * Changes of {@link Mesh}.
   *
   * @param self this node's end of the tunnel, where it changed
   * @param settings the settings of all tunnel devices, where they changed
   */
  public record MeshDelta(
      Optional<TunnelEndpoint> self,
      Optional<TunnelSettings> settings,
      MapDelta<NodeNumber, TunnelEndpoint> peers) {

    boolean isEmpty() {
      return self.isEmpty() && settings.isEmpty() && peers.isEmpty();
    }

    Mesh applyTo(Mesh base) {
      if (isEmpty()) {
        return base;
      }
      return new Mesh(
          self.orElse(base.self()), settings.orElse(base.settings()), peers.applyTo(base.peers()));
    }
  }

  /** Cluster networks change by the blocks of their minimal form; class rules change as a whole. */
  public record SelectionDelta(
      SetDelta<Cidr> clusterCidrs,
      MapDelta<IpAddress, ClassNumber> endpoints,
      SetDelta<ClassRule> rules) {

    boolean isEmpty() {
      return clusterCidrs.isEmpty() && endpoints.isEmpty() && rules.isEmpty();
    }

    Selection applyTo(Selection base) {
      if (isEmpty()) {
        return base;
      }
      return new Selection(
          clusterCidrs.isEmpty()
              ? base.clusterCidrs()
              : CidrSet.of(clusterCidrs.applyTo(base.clusterCidrs().cidrs())),
          endpoints.applyTo(base.endpoints()),
          rules.applyTo(base.rules()));
    }
  }

  /** Changes of {@link Ownership}. */
  public record OwnershipDelta(
      MapDelta<EipNumber, NodeNumber> routes, MapDelta<EipNumber, IpAddress> held) {

    boolean isEmpty() {
      return routes.isEmpty() && held.isEmpty();
    }

    Ownership applyTo(Ownership base) {
      if (isEmpty()) {
        return base;
      }
      return new Ownership(routes.applyTo(base.routes()), held.applyTo(base.held()));
    }
  }

  /**
   * A delta that leads forward.
   *
   * @throws IllegalArgumentException when the delta leads back, or changes a plan without leading
   *     to a later revision
   */
  public PlanDelta {
    int order = revision.compareTo(base);
    if (order < 0
        || (order == 0 && !(mesh.isEmpty() && selection.isEmpty() && ownership.isEmpty()))) {
      throw new IllegalArgumentException(
          "a plan delta leads to a later revision, not from " + base + " to " + revision);
    }
  }

  /**
   * The least change that makes {@code next} of {@code base}.
   *
   * @throws IllegalArgumentException when {@code next} is older than {@code base}, or differs under
   *     the same revision
   */
  public static PlanDelta between(NodePlan base, NodePlan next) {
    return new PlanDelta(
        base.revision(),
        next.revision(),
        meshBetween(base.mesh(), next.mesh()),
        selectionBetween(base.selection(), next.selection()),
        ownershipBetween(base.ownership(), next.ownership()));
  }

  private static MeshDelta meshBetween(Mesh base, Mesh next) {
    return new MeshDelta(
        changed(base.self(), next.self()),
        changed(base.settings(), next.settings()),
        MapDelta.between(base.peers(), next.peers()));
  }

  private static SelectionDelta selectionBetween(Selection base, Selection next) {
    return new SelectionDelta(
        SetDelta.between(base.clusterCidrs().cidrs(), next.clusterCidrs().cidrs()),
        MapDelta.between(base.endpoints(), next.endpoints()),
        SetDelta.between(base.rules(), next.rules()));
  }

  private static OwnershipDelta ownershipBetween(Ownership base, Ownership next) {
    return new OwnershipDelta(
        MapDelta.between(base.routes(), next.routes()), MapDelta.between(base.held(), next.held()));
  }

  private static <T> Optional<T> changed(T base, T next) {
    return next.equals(base) ? Optional.empty() : Optional.of(next);
  }

  /**
   * The plan that the delta makes of the plan at its base revision.
   *
   * @throws IllegalArgumentException when the plan is not at the base revision, or when what comes
   *     out is no plan (a node would be its own tunnel peer)
   */
  public NodePlan applyTo(NodePlan plan) {
    if (!plan.revision().equals(base)) {
      throw new IllegalArgumentException(
          "a plan delta from revision " + base + " cannot apply to revision " + plan.revision());
    }
    return new NodePlan(
        revision,
        mesh.applyTo(plan.mesh()),
        selection.applyTo(plan.selection()),
        ownership.applyTo(plan.ownership()));
  }

  /** Whether both revisions ask the same of the kernel. */
  public boolean isEmpty() {
    return mesh.isEmpty() && selection.isEmpty() && ownership.isEmpty();
  }
}
