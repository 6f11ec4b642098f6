package io.egressgateway.core.plan;

import io.egressgateway.core.model.Revision;
import java.util.Objects;

/**
 * Everything that one node's kernel should have, at one revision. Two plans with equal parts are
 * interchangeable: the order in which a plan came to be leaves no trace in it.
 *
 * @param revision grows with every change of the other parts and never repeats for a node
 * @param mesh this node's place in the tunnel mesh and the peers it talks to
 * @param selection which packets of local pods belong to which egress IP
 * @param ownership where each egress IP is, and which of them this node holds
 */
public record NodePlan(Revision revision, Mesh mesh, Selection selection, Ownership ownership) {
  public NodePlan {
    Objects.requireNonNull(revision, "revision");
    Objects.requireNonNull(mesh, "mesh");
    Objects.requireNonNull(selection, "selection");
    Objects.requireNonNull(ownership, "ownership");
  }

  /** The same content under another revision. */
  public NodePlan at(Revision other) {
    return new NodePlan(other, mesh, selection, ownership);
  }

  /** Whether both plans ask the same of the kernel, whatever their revisions are. */
  public boolean sameContent(NodePlan other) {
    return mesh.equals(other.mesh)
        && selection.equals(other.selection)
        && ownership.equals(other.ownership);
  }
}
