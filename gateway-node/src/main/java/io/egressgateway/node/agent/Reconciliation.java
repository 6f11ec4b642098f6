package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.Uplink;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * One run of: read, compare, apply, read back, compare again.
 *
 * @param plan what was wanted, and is there now
 * @param uplink the uplink it was computed for
 * @param changes what had to be changed, in order; empty if everything was there already
 * @param newlyHeld egress IPs that were not on this node before
 */
public record Reconciliation(
    NodePlan plan, Uplink uplink, List<KernelChange> changes, SortedSet<IpAddress> newlyHeld) {

  /** How many changes a fault names when they do not stay. */
  private static final int NAMED_MAX = 3;

  /**
   * Brings the kernel to the plan. Repeating it is harmless.
   *
   * @throws KernelFault if the kernel refuses a change, or does not show it when read back
   */
  public static Reconciliation run(Kernel kernel, NodePlan plan) throws KernelFault {
    Uplink uplink = kernel.uplink();
    DesiredKernel desired = DesiredKernel.of(plan, uplink);
    KernelDelta delta = KernelDelta.between(desired, kernel.read());
    if (!delta.isEmpty()) {
      kernel.apply(delta);
      KernelDelta remaining = KernelDelta.between(desired, kernel.read());
      if (!remaining.isEmpty()) {
        throw new KernelFault("read back", named(remaining), "the change did not stay");
      }
    }
    return new Reconciliation(plan, uplink, delta.changes(), delta.newlyHeld());
  }

  /**
   * Takes everything of ours away.
   *
   * @throws KernelFault if the kernel refuses a change
   */
  public static KernelDelta clear(Kernel kernel) throws KernelFault {
    KernelDelta delta = KernelDelta.between(DesiredKernel.none(), kernel.read());
    kernel.apply(delta);
    return delta;
  }

  private static String named(KernelDelta delta) {
    return delta.changes().stream()
        .limit(NAMED_MAX)
        .map(KernelChange::describe)
        .collect(Collectors.joining(", "));
  }
}
