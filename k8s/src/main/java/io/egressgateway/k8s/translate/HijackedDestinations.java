package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.policy.entity.Condition;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
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
public record HijackedDestinations(SortedMap<String, CidrSet> byCoordinator) {
  private static final Logger LOG = LoggerFactory.getLogger(HijackedDestinations.class);

  /** The type of the condition, which is there only while something is wrong. */
  static final String CONDITION = "DestinationNotHijacked";

  /** Makes the map immutable. */
  public HijackedDestinations {
    byCoordinator = Collections.unmodifiableSortedMap(new TreeMap<>(byCoordinator));
  }

  /** Where there is no Spiderpool. */
  public static HijackedDestinations none() {
    return new HijackedDestinations(Collections.emptySortedMap());
  }

  /** What a list says, addresses or blocks; what is neither is logged and says nothing. */
  public static CidrSet read(String coordinator, Collection<?> items) {
    CidrSet read = CidrSet.empty();
    for (Object item : items) {
      Optional<Cidr> cidr = Cidr.parseCidrOrAddress(String.valueOf(item));
      if (cidr.isEmpty()) {
        LOG.warn(
            "entry ignored object=SpiderCoordinator/{} field=spec.hijackCIDR value=\"{}\""
                + " remedy=\"name an address or a CIDR\"",
            coordinator,
            item);
      }
      read = cidr.map(read::plus).orElse(read);
    }
    return read;
  }

  /** With what this coordinator says now. */
  public HijackedDestinations with(String coordinator, CidrSet hijacked) {
    TreeMap<String, CidrSet> next = new TreeMap<>(byCoordinator);
    next.put(coordinator, hijacked);
    return new HijackedDestinations(next);
  }

  /** Without this coordinator. */
  public HijackedDestinations without(String coordinator) {
    TreeMap<String, CidrSet> next = new TreeMap<>(byCoordinator);
    next.remove(coordinator);
    return new HijackedDestinations(next);
  }

  /**
   * What is to be said of a policy for these destinations; nothing where it names none, since it
   * then takes what comes to the node, and where no coordinator lists any.
   */
  public Optional<Condition> missing(CidrSet destinations) {
    CidrSet hijacked = byCoordinator.values().stream().reduce(CidrSet.empty(), CidrSet::plus);
    CidrSet missing = destinations.minus(hijacked);
    if (hijacked.isEmpty() || missing.isEmpty()) {
      return Optional.empty();
    }
    String listing =
        byCoordinator.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    return Optional.of(
        new Condition(
            CONDITION,
            Condition.Status.TRUE,
            "NotInHijackCIDR",
            "pods on an underlay network of Spiderpool reach %s past their node, with their own"
                    .formatted(missing)
                + " addresses: add it to spec.hijackCIDR of SpiderCoordinator %s and restart them;"
                    .formatted(listing)
                + " other pods are not concerned"));
  }
}
