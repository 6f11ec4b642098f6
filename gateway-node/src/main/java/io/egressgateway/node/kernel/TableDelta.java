package io.egressgateway.node.kernel;

import io.egressgateway.node.kernel.KernelChange.RemoveTable;
import io.egressgateway.node.kernel.KernelChange.ReplaceTable;
import io.egressgateway.node.kernel.KernelChange.UpdateElements;
import io.egressgateway.node.kernel.LookupSet.Match;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The two transactions of a delta by which a table changes that stays.
 *
 * @param make before any address is taken
 * @param unmake after addresses are given up
 */
record TableDelta(Optional<KernelChange> make, Optional<KernelChange> unmake) {

  /**
   * The rules without a single element, where there is neither table nor tunnel: they let nothing
   * out of the tunnel, so that they can be there before it.
   */
  static Optional<KernelChange> rulesBeforeTheTunnel(DesiredKernel desired, KernelState actual) {
    boolean nothingThere =
        actual.table().isEmpty()
            && actual.objects().values().stream().noneMatch(KernelObject.Tunnel.class::isInstance);
    return desired
        .ruleset()
        .filter(ignored -> nothingThere)
        .map(ruleset -> new ReplaceTable(ruleset, List.of()));
  }

  /** The table goes when nothing else of ours is left. */
  static Optional<KernelChange> removalAfterTheTunnel(DesiredKernel desired, KernelState actual) {
    return desired.ruleset().isPresent()
        ? Optional.empty()
        : actual.table().map(ignored -> new RemoveTable());
  }

  static TableDelta between(DesiredKernel desired, Optional<TableState> actual) {
    if (desired.ruleset().isEmpty() || desired.state().table().isEmpty()) {
      return new TableDelta(Optional.empty(), Optional.empty());
    }
    Ruleset ruleset = desired.ruleset().get();
    TableState wanted = desired.state().table().get();
    if (actual.isEmpty() || !actual.get().fingerprint().equals(wanted.fingerprint())) {
      return new TableDelta(
          Optional.of(new ReplaceTable(ruleset, wanted.elements().toList())), Optional.empty());
    }
    return between(actual.get().elements().to(wanted.elements()));
  }

  private static TableDelta between(Elements.Changes difference) {
    List<Element> added = difference.added();
    Set<LookupSet> overlapping = rangesIn(added);
    List<Element> replaced = new ArrayList<>(difference.replaced());
    List<Element> obsolete = new ArrayList<>();
    for (Element element : difference.obsolete()) {
      // A new range may cover part of an old one, so both change in the same transaction.
      (overlapping.contains(element.set()) ? replaced : obsolete).add(element);
    }
    return new TableDelta(update(replaced, added), update(obsolete, List.of()));
  }

  private static Set<LookupSet> rangesIn(List<Element> elements) {
    Set<LookupSet> sets = EnumSet.noneOf(LookupSet.class);
    for (Element element : elements) {
      if (element.set().match() == Match.RANGES) {
        sets.add(element.set());
      }
    }
    return sets;
  }

  private static Optional<KernelChange> update(List<Element> removed, List<Element> added) {
    return removed.isEmpty() && added.isEmpty()
        ? Optional.empty()
        : Optional.of(new UpdateElements(removed, added));
  }
}
