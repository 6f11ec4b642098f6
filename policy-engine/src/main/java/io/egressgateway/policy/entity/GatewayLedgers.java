package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.Tenure;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the ledgers of a gateway's addresses have told it. */
final class GatewayLedgers {
  private final TreeMap<IpAddress, Tenure> tenures = new TreeMap<>();
  private final TreeMap<IpAddress, Holding> holdings = new TreeMap<>();

  Optional<Tenure> tenure(IpAddress address) {
    return Optional.ofNullable(tenures.get(address));
  }

  /** Takes up what a ledger tells, unless something newer is known; whether it was taken up. */
  boolean put(IpAddress address, Tenure told) {
    if (tenure(address).filter(known -> known.epoch().compareTo(told.epoch()) > 0).isPresent()) {
      return false;
    }
    tenures.put(address, told);
    holdings.put(address, told.holding());
    return true;
  }

  void forget(IpAddress address) {
    tenures.remove(address);
    holdings.remove(address);
  }

  SortedMap<IpAddress, Holding> holdings() {
    return Collections.unmodifiableSortedMap(holdings);
  }

  SortedSet<IpAddress> addresses() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(tenures.keySet()));
  }

  /** Whether a node whose session is this one now has an address. */
  Predicate<NodeSession> inUse() {
    TreeSet<NodeSession> owners = new TreeSet<>();
    tenures.values().forEach(tenure -> tenure.session().ifPresent(owners::add));
    SortedSet<NodeSession> heldOn = heldOn();
    return present ->
        owners.contains(present) || heldOn.stream().anyMatch(owner -> present.isLaterThan(owner));
  }

  /** The sessions that own an address whatever becomes of their lease. */
  SortedSet<NodeSession> heldOn() {
    TreeSet<NodeSession> sessions = new TreeSet<>();
    tenures.values().stream()
        .filter(Tenure::isHeldOn)
        .forEach(tenure -> tenure.session().ifPresent(sessions::add));
    return sessions;
  }

  SortedSet<NodeName> holders() {
    TreeSet<NodeName> holders = new TreeSet<>();
    holdings.values().forEach(holding -> holding.holder().ifPresent(holders::add));
    return holders;
  }
}
