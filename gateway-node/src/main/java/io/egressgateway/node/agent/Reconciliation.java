package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.Uplink;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

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
   * @param before what the kernel is thought to have; empty to read everything. Wrong thoughts show
   *     as a refusal or when what was written is read back, and then everything is read after all
   * @throws KernelFault if the kernel refuses a change, or does not show it when read back
   */
  public static Reconciliation run(
      Kernel kernel, NodePlan plan, Tenure tenure, Optional<Known> before) throws KernelFault {
    if (before.isPresent()) {
      try {
        return attempt(kernel, plan, tenure, before.get());
      } catch (KernelFault outdated) {
        LOG.info(
            "reading everything subject=\"{}\" reason=\"{}\"",
            outdated.subject(),
            outdated.reason());
      }
    }
    return attempt(kernel, plan, tenure, Known.read(kernel));
  }

  private static Reconciliation attempt(Kernel kernel, NodePlan plan, Tenure tenure, Known known)
      throws KernelFault {
    DesiredKernel desired =
        DesiredKernel.of(plan, known.uplink(), tenure).passing(known.state().closedForwards());
    KernelDelta delta = KernelDelta.between(desired, known.state());
    kernel.apply(delta);
    if (delta.touchesSelection()) {
      int forgotten = kernel.forgetObsoleteFlows(plan.selection());
      if (forgotten > 0) {
        LOG.info("connections forgotten revision={} count={}", plan.revision(), forgotten);
      }
    }
    KernelState after;
    if (isNarrow(delta)) {
      readBackElements(kernel, desired, delta);
      readBackHeld(kernel, desired, delta);
      readBackWays(kernel, desired, delta);
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

  /**
   * Whether only elements, egress IPs and the ways to gateway nodes change: most changes do, and
   * some of them are urgent.
   */
  private static boolean isNarrow(KernelDelta delta) {
    return delta.changes().stream()
        .allMatch(
            change ->
                change instanceof KernelChange.UpdateElements
                    || heldIn(change).isPresent()
                    || wayIn(change).isPresent());
  }

  private static Optional<HeldAddress> heldIn(KernelChange change) {
    return switch (change) {
      case KernelChange.Put(HeldAddress held) -> Optional.of(held);
      case KernelChange.Remove(HeldAddress held) -> Optional.of(held);
      case KernelChange.Put ignored -> Optional.empty();
      case KernelChange.Remove ignored -> Optional.empty();
      case KernelChange.Set ignored -> Optional.empty();
      case KernelChange.ReplaceTable ignored -> Optional.empty();
      case KernelChange.RemoveTable ignored -> Optional.empty();
      case KernelChange.UpdateElements ignored -> Optional.empty();
    };
  }

  /** The family of the route or rule that changes. */
  private static Optional<IpFamily> wayIn(KernelChange change) {
    return switch (change) {
      case KernelChange.Put(KernelObject object) -> way(object);
      case KernelChange.Remove(KernelObject object) -> way(object);
      case KernelChange.Set ignored -> Optional.empty();
      case KernelChange.ReplaceTable ignored -> Optional.empty();
      case KernelChange.RemoveTable ignored -> Optional.empty();
      case KernelChange.UpdateElements ignored -> Optional.empty();
    };
  }

  private static Optional<IpFamily> way(KernelObject object) {
    return switch (object) {
      case KernelObject.Route route -> Optional.of(route.destination().family());
      case KernelObject.RoutingRule rule -> Optional.of(rule.family());
      case KernelObject.Tunnel ignored -> Optional.empty();
      case KernelObject.TunnelAddress ignored -> Optional.empty();
      case HeldAddress ignored -> Optional.empty();
      case KernelObject.Neighbour ignored -> Optional.empty();
      case KernelObject.Forwarding ignored -> Optional.empty();
      case KernelObject.ForwardAcceptance ignored -> Optional.empty();
    };
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

  private static void readBackHeld(Kernel kernel, DesiredKernel desired, KernelDelta delta)
      throws KernelFault {
    SortedSet<IpFamily> families = new TreeSet<>();
    delta.changes().stream()
        .flatMap(change -> heldIn(change).stream())
        .forEach(held -> families.add(held.address().family()));
    for (IpFamily family : families) {
      Set<HeldAddress> expected = new HashSet<>();
      for (KernelObject object : desired.state().objects().values()) {
        if (object instanceof HeldAddress held && held.address().family() == family) {
          expected.add(held);
        }
      }
      if (!expected.equals(kernel.held(family))) {
        throw didNotStay("egress IPs of " + family);
      }
    }
  }

  private static void readBackWays(Kernel kernel, DesiredKernel desired, KernelDelta delta)
      throws KernelFault {
    SortedSet<IpFamily> families = new TreeSet<>();
    delta.changes().stream().flatMap(change -> wayIn(change).stream()).forEach(families::add);
    for (IpFamily family : families) {
      Set<KernelObject> expected = new HashSet<>();
      for (KernelObject object : desired.state().objects().values()) {
        if (way(object).equals(Optional.of(family))) {
          expected.add(object);
        }
      }
      if (!expected.equals(kernel.ways(family))) {
        throw didNotStay("routes and rules of " + family);
      }
    }
  }

  /** Reading only the sets that were touched keeps it fast. */
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
