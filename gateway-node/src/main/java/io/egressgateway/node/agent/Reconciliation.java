package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.Uplink;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * One run of: compare, apply, read back, compare again.
 *
 * @param plan what was wanted, and is there now
 * @param known what the kernel has now
 * @param changes what had to be changed, in order; empty if everything was there already
 * @param newlyHeld egress IPs that were not on this node before
 */
public record Reconciliation(
    NodePlan plan, Known known, List<KernelChange> changes, SortedSet<IpAddress> newlyHeld) {

  /** How many changes a fault names when they do not stay. */
  private static final int NAMED_MAX = 3;

  /**
   * What an earlier run left. It may stand for a reading of the kernel as long as nobody else has
   * changed anything.
   */
  public record Known(Uplink uplink, KernelState state) {

    /**
     * Reads everything.
     *
     * @throws KernelFault if the kernel does not answer
     */
    public static Known read(Kernel kernel) throws KernelFault {
      return new Known(kernel.uplink(), kernel.read());
    }
  }

  /**
   * Brings the kernel to the plan. Repeating it is harmless.
   *
   * @param tenure whether the addresses that the plan gives the node may be in its kernel now
   * @param before what the kernel is known to have; empty to read everything
   * @throws KernelFault if the kernel refuses a change, or does not show it when read back
   */
  public static Reconciliation run(
      Kernel kernel, NodePlan plan, Tenure tenure, Optional<Known> before) throws KernelFault {
    Known known = before.isPresent() ? before.get() : Known.read(kernel);
    DesiredKernel desired = DesiredKernel.of(plan, known.uplink(), tenure);
    KernelDelta delta = KernelDelta.between(desired, known.state());
    kernel.apply(delta);
    KernelState after;
    if (touchesElementsOnly(delta)) {
      readBackElements(kernel, desired, delta);
      after = delta.applyTo(known.state());
    } else {
      after = readBack(kernel, desired);
    }
    return new Reconciliation(
        plan, new Known(known.uplink(), after), delta.changes(), delta.newlyHeld());
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

  private static boolean touchesElementsOnly(KernelDelta delta) {
    return delta.changes().stream().allMatch(KernelChange.UpdateElements.class::isInstance);
  }

  private static KernelState readBack(Kernel kernel, DesiredKernel desired) throws KernelFault {
    KernelState after = kernel.read();
    KernelDelta remaining = KernelDelta.between(desired, after);
    if (!remaining.isEmpty()) {
      String missing =
          remaining.changes().stream()
              .limit(NAMED_MAX)
              .map(KernelChange::describe)
              .collect(Collectors.joining(", "));
      throw didNotStay(missing);
    }
    return after;
  }

  /** Most changes are of this kind; reading only the sets they touch keeps them fast. */
  private static void readBackElements(Kernel kernel, DesiredKernel desired, KernelDelta delta)
      throws KernelFault {
    Set<LookupSet> touched = delta.touchedSets();
    Set<Element> expected = new HashSet<>(desired.elements());
    expected.removeIf(element -> !touched.contains(element.set()));
    if (!touched.isEmpty() && !expected.equals(Set.copyOf(kernel.elements(touched)))) {
      throw didNotStay("elements of " + touched);
    }
  }

  private static KernelFault didNotStay(String missing) {
    return new KernelFault("read back", missing, "the change did not stay");
  }
}
