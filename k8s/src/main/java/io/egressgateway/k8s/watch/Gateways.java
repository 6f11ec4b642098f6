package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.k8s.translate.DefaultGateway;
import io.egressgateway.k8s.translate.GatewayAge;
import io.egressgateway.k8s.translate.GatewayConflicts;
import io.egressgateway.k8s.translate.NetworkConflicts;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.k8s.translate.UntunnelledPools;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.k8s.watch.GatewayObject.Lifecycle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The gateways of the API, judged one by one, against each other, and against what is inside the
 * cluster and what the tunnel carries. Not thread-safe.
 */
final class Gateways {

  /** A finalizer shows to a watcher that has just started that the gateway was in force once. */
  private static final Comparator<GatewayObject> ONCE_TAKEN_UP_FIRST =
      Comparator.comparing((GatewayObject gateway) -> gateway.lifecycle() == Lifecycle.UNGUARDED)
          .thenComparing(GatewayObject::age);

  private final TreeMap<GatewayName, GatewayObject> objects = new TreeMap<>();
  private final TreeMap<GatewayName, Standing<EgressGatewaySpec>> standings = new TreeMap<>();

  private final Set<IpFamily> tunnelled;
  private ClusterNetworks networks = ClusterNetworks.unknown();
  private boolean started;

  /** On a tunnel that carries these families. */
  Gateways(Set<IpFamily> tunnelled) {
    this.tunnelled = tunnelled;
  }

  /** All are known; from now on what is in force is in use. */
  void start() {
    started = true;
  }

  /** Takes up what is inside the cluster; returns whether that was news. */
  boolean put(ClusterNetworks found) {
    if (networks.equals(found)) {
      return false;
    }
    networks = found;
    judge();
    return true;
  }

  void put(GatewayObject gateway) {
    objects.put(gateway.name(), gateway);
    judge();
  }

  void remove(GatewayName gateway) {
    objects.remove(gateway);
    standings.remove(gateway);
    judge();
  }

  /**
   * Of two gateways that clash the one stands back that gives no addresses yet: whose spec is in
   * force goes first, then whose was once, then the older.
   */
  private void judge() {
    if (!started) {
      standings.clear();
    }
    TreeMap<GatewayName, EgressGatewaySpec> earlier = new TreeMap<>();
    objects.values().stream()
        .sorted(Comparator.comparing(this::isNews).thenComparing(ONCE_TAKEN_UP_FIRST))
        .forEach(
            gateway -> {
              Standing<EgressGatewaySpec> standing = judge(gateway, earlier);
              standings.put(gateway.name(), standing);
              standing.inForce().ifPresent(last -> earlier.put(gateway.name(), last.spec()));
            });
  }

  /** Whether its spec, as it is now, is not in force. */
  private boolean isNews(GatewayObject gateway) {
    return standing(gateway.name())
        .inForce()
        .filter(last -> last.version().equals(gateway.version()))
        .isEmpty();
  }

  private Standing<EgressGatewaySpec> judge(
      GatewayObject gateway, SortedMap<GatewayName, EgressGatewaySpec> earlier) {
    Translation<EgressGatewaySpec> judged = judge(gateway.translation(), earlier);
    if (judged instanceof Translation.Valid<EgressGatewaySpec>(EgressGatewaySpec spec)) {
      List<Violation> conflicts = new ArrayList<>(UntunnelledPools.of(spec, tunnelled));
      conflicts.addAll(NetworkConflicts.between(spec, networks));
      conflicts.addAll(GatewayConflicts.clusterDefault(spec, olderThan(gateway)));
      if (!conflicts.isEmpty()) {
        // A node that comes with an address of the pool must not take the gateway's others away.
        EgressGatewaySpec served = UntunnelledPools.without(spec, tunnelled);
        return new Standing<>(
            conflicts,
            Optional.of(
                new Standing.InForce<>(
                    gateway.version(), NetworkConflicts.without(served, networks))));
      }
    }
    return standing(gateway.name()).after(gateway.version(), judged);
  }

  private SortedMap<GatewayName, EgressGatewaySpec> olderThan(GatewayObject gateway) {
    TreeMap<GatewayName, EgressGatewaySpec> older = new TreeMap<>();
    for (GatewayObject other : objects.values()) {
      if (other.age().compareTo(gateway.age()) < 0
          && other.translation() instanceof Translation.Valid<EgressGatewaySpec>(var spec)) {
        older.put(other.name(), spec);
      }
    }
    return older;
  }

  private static Translation<EgressGatewaySpec> judge(
      Translation<EgressGatewaySpec> alone, SortedMap<GatewayName, EgressGatewaySpec> earlier) {
    return switch (alone) {
      case Translation.Invalid<EgressGatewaySpec> invalid -> invalid;
      case Translation.Valid<EgressGatewaySpec> valid -> {
        List<Violation> conflicts = GatewayConflicts.pools(valid.spec(), earlier);
        yield conflicts.isEmpty() ? valid : new Translation.Invalid<>(conflicts);
      }
    };
  }

  /** The gateways that exist, good or bad, by name. */
  Collection<GatewayObject> all() {
    return Collections.unmodifiableCollection(objects.values());
  }

  boolean exists(GatewayName gateway) {
    return objects.containsKey(gateway);
  }

  Optional<GatewayObject> find(GatewayName gateway) {
    return Optional.ofNullable(objects.get(gateway));
  }

  Standing<EgressGatewaySpec> standing(GatewayName gateway) {
    return standings.getOrDefault(gateway, Standing.unknown());
  }

  /** The gateway of policies that name none. */
  Optional<GatewayName> clusterDefault() {
    Map<GatewayAge, EgressGatewaySpec> inForce = new TreeMap<>();
    for (GatewayObject gateway : objects.values()) {
      standing(gateway.name()).inForce().ifPresent(last -> inForce.put(gateway.age(), last.spec()));
    }
    return DefaultGateway.ofCluster(inForce);
  }
}
