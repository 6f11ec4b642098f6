package io.egressgateway.policy.domain;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which policy has which addresses of a gateway, readable from both sides. Immutable. */
public final class Allocations {
  private static final Allocations NONE =
      new Allocations(PersistentMap.empty(), PersistentMap.empty());

  private final PersistentMap<PolicyKey, SortedSet<IpAddress>> byPolicy;
  // Derived, so that what happens to one address costs nothing for all the others.
  private final PersistentMap<IpAddress, SortedSet<PolicyKey>> byAddress;

  private Allocations(
      PersistentMap<PolicyKey, SortedSet<IpAddress>> byPolicy,
      PersistentMap<IpAddress, SortedSet<PolicyKey>> byAddress) {
    this.byPolicy = byPolicy;
    this.byAddress = byAddress;
  }

  static Allocations none() {
    return NONE;
  }

  Allocations with(PolicyKey policy, SortedSet<IpAddress> addresses) {
    Allocations before = without(policy);
    PersistentMap<IpAddress, SortedSet<PolicyKey>> users = before.byAddress;
    for (IpAddress address : addresses) {
      TreeSet<PolicyKey> sharing = new TreeSet<>(before.users(address));
      sharing.add(policy);
      users = users.with(address, Collections.unmodifiableSortedSet(sharing));
    }
    return new Allocations(
        before.byPolicy.with(policy, Collections.unmodifiableSortedSet(new TreeSet<>(addresses))),
        users);
  }

  Allocations without(PolicyKey policy) {
    SortedSet<IpAddress> addresses = byPolicy.get(policy);
    if (addresses == null) {
      return this;
    }
    PersistentMap<IpAddress, SortedSet<PolicyKey>> users = byAddress;
    for (IpAddress address : addresses) {
      TreeSet<PolicyKey> others = new TreeSet<>(users(address));
      others.remove(policy);
      if (others.isEmpty()) {
        users = users.without(address);
      } else {
        users = users.with(address, Collections.unmodifiableSortedSet(others));
      }
    }
    return new Allocations(byPolicy.without(policy), users);
  }

  /** The addresses of each policy. */
  public SortedMap<PolicyKey, SortedSet<IpAddress>> byPolicy() {
    return byPolicy;
  }

  /** The policies that share each address. */
  public SortedMap<IpAddress, SortedSet<PolicyKey>> byAddress() {
    return byAddress;
  }

  /** The policies that have the address; empty if nobody does. */
  public SortedSet<PolicyKey> users(IpAddress address) {
    return byAddress.getOrDefault(address, Collections.emptySortedSet());
  }

  /** The addresses that some policy has. */
  public SortedSet<IpAddress> used() {
    return byAddress.keySet();
  }

  boolean isEmpty() {
    return byPolicy.isEmpty();
  }

  boolean isUsed(IpAddress address) {
    return byAddress.containsKey(address);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Allocations allocations && byPolicy.equals(allocations.byPolicy);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(byPolicy);
  }

  @Override
  public String toString() {
    return byPolicy.toString();
  }
}
