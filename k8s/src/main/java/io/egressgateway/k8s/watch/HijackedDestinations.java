package io.egressgateway.k8s.watch;

import io.egressgateway.core.collection.Few;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.policy.entity.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destinations for which Spiderpool leads pods on underlay networks by way of their nodes, by
 * the SpiderCoordinator that lists them in {@code spec.hijackCIDR}. What is not among them such a
 * pod reaches past its node, and past every policy.
 */
record HijackedDestinations(SortedMap<String, CidrSet> byCoordinator) {
  private static final Logger LOG = LoggerFactory.getLogger(HijackedDestinations.class);

  /** The type of the condition, which is there only while something is wrong. */
  static final String CONDITION = "DestinationNotHijacked";

  private static final int NAMED_MAX = 10;

  /** Makes the map immutable; whoever lists nothing is not in it. */
  HijackedDestinations {
    TreeMap<String, CidrSet> listing = new TreeMap<>(byCoordinator);
    listing.values().removeIf(CidrSet::isEmpty);
    byCoordinator = Collections.unmodifiableSortedMap(listing);
  }

  /** Where there is no Spiderpool. */
  static HijackedDestinations none() {
    return new HijackedDestinations(Collections.emptySortedMap());
  }

  /**
   * What a coordinator lists, addresses or blocks; what is neither is logged and says nothing.
   *
   * @param listed of the object as it is stored: a list, if its author knew
   */
  static CidrSet read(String coordinator, Object listed) {
    List<Cidr> cidrs = new ArrayList<>();
    for (Object item : listed instanceof List<?> items ? items : List.of(listed)) {
      Cidr.parseCidrOrAddress(String.valueOf(item))
          .ifPresentOrElse(cidrs::add, () -> complain(coordinator, item));
    }
    return CidrSet.of(cidrs);
  }

  private static void complain(String coordinator, Object item) {
    LOG.warn(
        "entry ignored object=SpiderCoordinator/{} field=spec.hijackCIDR value=\"{}\""
            + " remedy=\"name an address or a CIDR\"",
        coordinator,
        item);
  }

  /** With what this coordinator says now. */
  HijackedDestinations with(String coordinator, CidrSet hijacked) {
    TreeMap<String, CidrSet> next = new TreeMap<>(byCoordinator);
    next.put(coordinator, hijacked);
    return new HijackedDestinations(next);
  }

  /** Without this coordinator. */
  HijackedDestinations without(String coordinator) {
    TreeMap<String, CidrSet> next = new TreeMap<>(byCoordinator);
    next.remove(coordinator);
    return new HijackedDestinations(next);
  }

  /**
   * What is to be said of a policy that names these destinations; nothing where no coordinator
   * lists any.
   */
  Optional<Condition> missing(CidrSet destinations) {
    if (byCoordinator.isEmpty()) {
      return Optional.empty();
    }
    CidrSet hijacked =
        CidrSet.of(byCoordinator.values().stream().flatMap(set -> set.cidrs().stream()).toList());
    List<Cidr> missing =
        destinations.cidrs().stream().filter(block -> !hijacked.contains(block)).toList();
    return missing.isEmpty() ? Optional.empty() : Optional.of(condition(missing));
  }

  private Condition condition(List<Cidr> missing) {
    return new Condition(
        CONDITION,
        Condition.Status.TRUE,
        "NotInHijackCIDR",
        "pods on an underlay network of Spiderpool reach %s past their node, with their own"
                .formatted(Few.of(missing, NAMED_MAX))
            + " addresses: add it to spec.hijackCIDR of SpiderCoordinator %s and restart them;"
                .formatted(String.join(" or ", byCoordinator.keySet()))
            + " other pods are not concerned");
  }
}
