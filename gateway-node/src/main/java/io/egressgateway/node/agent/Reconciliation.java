package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.Mesh;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.Elements;
import io.egressgateway.node.kernel.KernelChange;
import io.egressgateway.node.kernel.KernelDelta;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelState;
import io.egressgateway.node.kernel.TableState;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.kernel.Uplink;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of: compare, apply, read back, compare again. What is not read back is what the kernel
 * has acknowledged in transactions that no others came between.
 *
 * @param plan what was wanted, and is there now
 * @param known what the kernel has now
 * @param changes what had to be changed, in order; empty if everything was there already
 * @param newlyHeld egress IPs that were not on this node before
 */
public record Reconciliation(
    NodePlan plan, Known known, List<KernelChange> changes, SortedSet<IpAddress> newlyHeld) {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

  /**
   * What an earlier run left. It may stand for a reading of the kernel as long as nobody else has
   * changed anything.
   *
   * @param wanted what was to be there, for the next plan to start from; empty if nobody said
   * @param others what {@link Kernel#othersTransactions} said before the state was read: as long as
   *     it says so, the table has the state's elements
   */
  public record Known(
      Uplink uplink, KernelState state, Optional<DesiredKernel> wanted, int others) {

    /**
     * Reads everything.
     *
     * @param mesh the node's place in it
     * @throws KernelFault if the kernel does not answer
     */
    public static Known read(Kernel kernel, Mesh mesh) throws KernelFault {
      int others = kernel.othersTransactions();
      return new Known(kernel.uplinkIn(mesh), kernel.read(), Optional.empty(), others);
    }
  }

  /**
   * Brings the kernel to the plan. Repeating it is harmless.
   *
   * @param tenure whether the addresses that the plan gives the node may be in its kernel now
   * @param before what the kernel is thought to have; empty to read everything. Wrong thoughts show
   *     as a refusal or when what was written is read back, and then everything is read after all
   * @throws KernelFault if the kernel refuses a change, or does not show it when read back; what
   *     the others can do without does not keep them away
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
    return attempt(kernel, plan, tenure, Known.read(kernel, plan.mesh()));
  }

  private static Reconciliation attempt(Kernel kernel, NodePlan plan, Tenure tenure, Known known)
      throws KernelFault {
    DesiredKernel wanted =
        known
            .wanted()
            .map(before -> before.next(plan, known.uplink(), tenure))
            .orElseGet(() -> DesiredKernel.of(plan, known.uplink(), tenure));
    DesiredKernel desired = wanted.passing(known.state().closedForwards());
    KernelState found =
        known.wanted().isPresent() ? known.state() : completed(kernel, desired, known.state());
    KernelDelta delta = KernelDelta.between(desired, found);
    Optional<KernelFault> lacking = kernel.apply(delta);
    if (delta.endsWays()) {
      int forgotten =
          kernel.forgetObsoleteFlows(plan.selection(), plan.mesh().settings().numbers());
      if (forgotten > 0) {
        LOG.info("connections forgotten revision={} count={}", plan.revision(), forgotten);
      }
    }
    throwIfPresent(lacking);
    int others = known.others();
    KernelState after;
    if (isNarrow(delta)) {
      readBackElements(kernel, desired, delta);
      readBackParts(kernel, desired, delta);
      after = delta.applyTo(found);
    } else {
      others = kernel.othersTransactions();
      after = readBack(kernel, desired, others == known.others());
    }
    // Equal by now; that both are one table makes the next comparison short.
    KernelState shared = after.withTable(desired.state().table());
    return new Reconciliation(
        plan,
        new Known(known.uplink(), shared, Optional.of(wanted), others),
        delta.changes(),
        delta.newlyHeld());
  }

  /**
   * Takes everything of ours away.
   *
   * @throws KernelFault if the kernel refuses a change
   */
  public static KernelDelta clear(Kernel kernel) throws KernelFault {
    KernelDelta delta = KernelDelta.between(DesiredKernel.none(), kernel.read());
    throwIfPresent(kernel.apply(delta));
    return delta;
  }

  private static void throwIfPresent(Optional<KernelFault> fault) throws KernelFault {
    if (fault.isPresent()) {
      throw fault.get();
    }
  }

  /** Kinds of objects that are read back by themselves; of the others everything is read. */
  private enum Kind {
    EGRESS_IPS("egress IPs"),
    WAYS("routes and rules");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /** What one reading brings. */
  private record Part(Kind kind, IpFamily family) {
    static Optional<Part> of(KernelObject object) {
      return switch (object) {
        case HeldAddress held -> Optional.of(new Part(Kind.EGRESS_IPS, held.address().family()));
        case KernelObject.Route route ->
            Optional.of(new Part(Kind.WAYS, route.destination().family()));
        case KernelObject.RoutingRule rule -> Optional.of(new Part(Kind.WAYS, rule.family()));
        case KernelObject.TunnelBackstop rule -> Optional.of(new Part(Kind.WAYS, rule.family()));
        case KernelObject.Tunnel ignored -> Optional.empty();
        case KernelObject.TunnelAddress ignored -> Optional.empty();
        case KernelObject.Neighbour ignored -> Optional.empty();
        case KernelObject.Forwarding ignored -> Optional.empty();
        case KernelObject.ForwardAcceptance ignored -> Optional.empty();
      };
    }

    static Optional<Part> of(KernelChange change) {
      return switch (change) {
        case KernelChange.Put(KernelObject object) -> of(object);
        case KernelChange.Remove(KernelObject object) -> of(object);
        case KernelChange.Set ignored -> Optional.empty();
        case KernelChange.ReplaceTable ignored -> Optional.empty();
        case KernelChange.RemoveTable ignored -> Optional.empty();
        case KernelChange.UpdateElements ignored -> Optional.empty();
      };
    }

    Set<? extends KernelObject> read(Kernel kernel) throws KernelFault {
      return switch (kind) {
        case EGRESS_IPS -> kernel.held(family);
        case WAYS -> kernel.ways(family);
      };
    }

    Set<KernelObject> in(KernelState state) {
      Set<KernelObject> objects = new HashSet<>(state.objects().values());
      objects.removeIf(object -> !of(object).equals(Optional.of(this)));
      return objects;
    }
  }

  /**
   * Whether only elements, egress IPs and the ways to gateway nodes change: most changes do, and
   * some of them are urgent.
   */
  private static boolean isNarrow(KernelDelta delta) {
    return delta.changes().stream()
        .allMatch(
            change -> change instanceof KernelChange.UpdateElements || Part.of(change).isPresent());
  }

  /**
   * Where nobody else has committed anything since the table was read, it has what it had then, and
   * what the kernel has acknowledged since: reading all of that would tell nothing.
   *
   * @param alone whether that is so
   */
  private static KernelState readBack(Kernel kernel, DesiredKernel desired, boolean alone)
      throws KernelFault {
    KernelState read = alone ? kernel.readAround(desired.elements()) : kernel.read();
    KernelState after = completed(kernel, desired, read);
    KernelDelta remaining = KernelDelta.between(desired, after);
    if (!remaining.isEmpty()) {
      throw didNotStay(KernelChange.describe(remaining.changes()));
    }
    return after;
  }

  /**
   * A reading of a map that has just grown may lack elements without a word. Whatever seems to be
   * missing is asked for once more, by its keys.
   */
  private static KernelState completed(Kernel kernel, DesiredKernel desired, KernelState read)
      throws KernelFault {
    if (read.table().isEmpty()) {
      return read;
    }
    TableState table = read.table().get();
    Elements.Changes changes = table.elements().to(desired.elements());
    if (changes.isEmpty()) {
      // That both are one makes the next comparison short.
      return read.withTable(Optional.of(new TableState(table.fingerprint(), desired.elements())));
    }
    Set<Element.Key> missing = new HashSet<>();
    changes.added().forEach(wanted -> missing.add(wanted.key()));
    changes.replaced().forEach(found -> missing.remove(found.key()));
    return missing.isEmpty()
        ? read
        : read.withTable(Optional.of(table.plus(kernel.elements(missing))));
  }

  private static void readBackParts(Kernel kernel, DesiredKernel desired, KernelDelta delta)
      throws KernelFault {
    Set<Part> touched = new LinkedHashSet<>();
    delta.changes().forEach(change -> Part.of(change).ifPresent(touched::add));
    for (Part part : touched) {
      if (!part.in(desired.state()).equals(part.read(kernel))) {
        throw didNotStay(part.kind().text + " of " + part.family());
      }
    }
  }

  /** Reading only what was touched keeps it as fast as the change is small. */
  private static void readBackElements(Kernel kernel, DesiredKernel desired, KernelDelta delta)
      throws KernelFault {
    Set<Element.Key> touched = delta.touchedKeys();
    if (touched.isEmpty()) {
      return;
    }
    Set<Element> expected = new HashSet<>();
    touched.forEach(key -> desired.elements().get(key).ifPresent(expected::add));
    if (!expected.equals(new HashSet<>(kernel.elements(touched)))) {
      throw didNotStay(
          "elements of " + touched.stream().map(Element.Key::set).collect(Collectors.toSet()));
    }
  }

  private static KernelFault didNotStay(String missing) {
    return new KernelFault("read back", missing, "the change did not stay");
  }
}
