package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.Stage.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The way from what a kernel has to what it should have, in the one safe order: make before break.
 * A gateway node gets the route back to the senders, then the translation, then the address that
 * attracts packets; it loses them the other way round. Only a tunnel device that has to be another
 * one is broken first: the kernel keeps no two with the same port and identifier. No tunnel device
 * ever stands without the rules: what came out of it would be forwarded with its pod's address.
 *
 * @param changes in the order in which they must be applied
 */
public record KernelDelta(List<KernelChange> changes) {
  /** Say which pods' packets take which way out; taking an element away ends such ways. */
  private static final Set<LookupSet> SELECTING =
      Collections.unmodifiableSet(
          EnumSet.of(
              LookupSet.POD_CLASS_V4,
              LookupSet.POD_CLASS_V6,
              LookupSet.CLASS_EIP_V4,
              LookupSet.CLASS_EIP_V6));

  /** Say what is inside the cluster; adding an element ends ways out to there. */
  private static final Set<LookupSet> SPARING =
      Collections.unmodifiableSet(EnumSet.of(LookupSet.CLUSTER_V4, LookupSet.CLUSTER_V6));

  public KernelDelta {
    changes = List.copyOf(changes);
  }

  /** What turns {@code actual} into {@code desired}. */
  public static KernelDelta between(DesiredKernel desired, KernelState actual) {
    List<KernelChange> changes = new ArrayList<>();
    KernelState base = actual;
    for (Tunnel obsolete : obsoleteTunnels(desired.state(), actual)) {
      KernelChange removal = new KernelChange.Remove(obsolete);
      changes.add(removal);
      base = removal.applyTo(base);
    }
    base = withoutForgotten(desired.state(), base);
    Optional<KernelChange> rules = TableDelta.rulesBeforeTheTunnel(desired, base);
    if (rules.isPresent()) {
      changes.add(rules.get());
      base = rules.get().applyTo(base);
    }
    TableDelta table = TableDelta.between(desired, base.table());
    List<KernelObject> puts = puts(desired.state(), base);
    List<KernelObject> removes = removes(desired.state(), base);
    changes.addAll(steps(puts, Phase.BEFORE_RULESET, KernelChange.Put::new));
    changes.addAll(sets(desired.state(), base));
    table.make().ifPresent(changes::add);
    changes.addAll(steps(puts, Phase.AFTER_RULESET, KernelChange.Put::new));
    changes.addAll(steps(removes, Phase.AFTER_RULESET, KernelChange.Remove::new));
    table.unmake().ifPresent(changes::add);
    changes.addAll(steps(removes, Phase.BEFORE_RULESET, KernelChange.Remove::new));
    TableDelta.removalAfterTheTunnel(desired, base).ifPresent(changes::add);
    return new KernelDelta(changes);
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** The state of a kernel that had {@code state} and took every change. */
  public KernelState applyTo(KernelState state) {
    KernelState result = state;
    for (KernelChange change : changes) {
      result = change.applyTo(result);
    }
    return result;
  }

  /** Egress IPs that the node answers for after this delta and did not before. */
  public SortedSet<IpAddress> newlyHeld() {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    for (KernelChange change : changes) {
      if (change instanceof KernelChange.Put(HeldAddress(var ignored, var address))) {
        addresses.add(address);
      }
    }
    return Collections.unmodifiableSortedSet(addresses);
  }

  /** Where elements change without the table being replaced. */
  public Set<Element.Key> touchedKeys() {
    Set<Element.Key> keys = new HashSet<>();
    for (KernelChange change : changes) {
      if (change instanceof KernelChange.UpdateElements(var removed, var added)) {
        removed.forEach(element -> keys.add(element.key()));
        added.forEach(element -> keys.add(element.key()));
      }
    }
    return Collections.unmodifiableSet(keys);
  }

  /**
   * Whether a connection that was let out may be one that would not be let out the same way today.
   * A pod or a rule that is new has no connections yet: it need not be asked about, which would
   * take as long as the node has connections.
   */
  public boolean endsWays() {
    return changes.stream().anyMatch(KernelDelta::endsWays);
  }

  private static boolean endsWays(KernelChange change) {
    return switch (change) {
      case KernelChange.ReplaceTable ignored -> true;
      case KernelChange.UpdateElements(List<Element> removed, List<Element> added) ->
          removed.stream().map(Element::set).anyMatch(SELECTING::contains)
              || added.stream().map(Element::set).anyMatch(SPARING::contains);
      case KernelChange.Put ignored -> false;
      case KernelChange.Remove ignored -> false;
      case KernelChange.Set ignored -> false;
      case KernelChange.RemoveTable ignored -> false;
    };
  }

  private static List<Tunnel> obsoleteTunnels(KernelState desired, KernelState actual) {
    Set<KernelObject> wanted = new HashSet<>(desired.objects().values());
    List<Tunnel> obsolete = new ArrayList<>();
    for (KernelObject object : actual.objects().values()) {
      // A device that nobody wants any more goes last; one that stands in the way goes first.
      if (object instanceof Tunnel tunnel
          && wanted.stream().anyMatch(Tunnel.class::isInstance)
          && wanted.stream().noneMatch(o -> o instanceof Tunnel next && tunnel.canBecome(next))) {
        obsolete.add(tunnel);
      }
    }
    return obsolete;
  }

  /** A device that gets another address forgets its neighbours. */
  private static KernelState withoutForgotten(KernelState desired, KernelState actual) {
    List<KernelObject> kept = new ArrayList<>(actual.objects().values());
    for (KernelObject object : desired.objects().values()) {
      if (object instanceof Tunnel wanted) {
        kept.removeIf(near -> actual.forgets(wanted, near));
      }
    }
    return actual.withObjects(kept);
  }

  private static List<KernelObject> puts(KernelState desired, KernelState actual) {
    return desired.objects().values().stream()
        .filter(object -> !object.equals(actual.objects().get(object.key())))
        .toList();
  }

  private static List<KernelObject> removes(KernelState desired, KernelState actual) {
    List<KernelObject> removes = new ArrayList<>(actual.objects().values());
    removes.removeIf(object -> desired.objects().containsKey(object.key()));
    return removes.reversed();
  }

  private static List<KernelChange> steps(
      List<KernelObject> objects, Phase phase, Function<KernelObject, KernelChange> step) {
    return objects.stream()
        .filter(object -> object.key().stage().phase() == phase)
        .map(step)
        .toList();
  }

  private static List<KernelChange> sets(KernelState desired, KernelState actual) {
    List<KernelChange> sets = new ArrayList<>();
    desired
        .settings()
        .forEach(
            (path, value) -> {
              if (!Optional.ofNullable(actual.settings().get(path)).equals(Optional.of(value))) {
                sets.add(new KernelChange.Set(path, value));
              }
            });
    return sets;
  }
}
