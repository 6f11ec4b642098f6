package io.egressgateway.node.kernel;

import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Selection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells which tracked connections of local pods have the egress IP that the selection would give
 * them today. One that has not would go on with it for as long as it lives, or be dropped for as
 * long as nobody holds it.
 */
public final class FlowReview {
  private final Selection selection;
  private final KernelNumbers numbers;
  private final Map<ClassNumber, NavigableMap<IpAddress, ClassRule>> rules = new HashMap<>();

  /** By this selection, of connections marked by these numbers. */
  public FlowReview(Selection selection, KernelNumbers numbers) {
    this.selection = selection;
    this.numbers = numbers;
    for (ClassRule rule : selection.rules()) {
      rules
          .computeIfAbsent(rule.endpointClass(), endpointClass -> new TreeMap<>())
          .put(rule.destination().first(), rule);
    }
  }

  /**
   * Whether a connection is to be forgotten.
   *
   * @param mark of the connection, of a local pod's kind
   */
  public boolean isObsolete(IpAddress source, IpAddress destination, int mark) {
    return !rule(source, destination).map(rule -> numbers.egress(rule.eip()) == mark).orElse(false);
  }

  private Optional<ClassRule> rule(IpAddress source, IpAddress destination) {
    if (selection.clusterCidrs().contains(destination)) {
      return Optional.empty();
    }
    // Disjoint within a class: only the last one that begins at or before it can hold it.
    return Optional.ofNullable(selection.endpoints().get(source))
        .flatMap(endpointClass -> Optional.ofNullable(rules.get(endpointClass)))
        .flatMap(ofClass -> Optional.ofNullable(ofClass.floorEntry(destination)))
        .map(Map.Entry::getValue)
        .filter(rule -> rule.destination().contains(destination));
  }
}
