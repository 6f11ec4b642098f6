package io.egressgateway.policy.plan;

import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.NodeAddressSlot;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Chooses a policy's egress IPs out of a gateway's pools. An address once given is never taken away
 * here: who asks again for a policy that has addresses does not ask this.
 */
public final class EgressIpAllocator {
  /**
   * Addresses of a pool that take turns, unless more are in use. Every address that was ever given
   * keeps its number, of which there are 65 534 for all gateways.
   */
  static final BigInteger ROUND_MAX = BigInteger.valueOf(4_096);

  private EgressIpAllocator() {}

  /**
   * What the gateway has.
   *
   * @param taken addresses that some policy has; it is not copied, and must not change
   * @param lastGiven per family, the address that was given last: the next one comes after it, so
   *     that a freed address rests as long as possible
   */
  public record Pools(
      GatewayName gateway,
      EgressGatewaySpec spec,
      SortedSet<IpAddress> taken,
      SortedMap<IpFamily, IpAddress> lastGiven) {
    public Pools {
      taken = Collections.unmodifiableSortedSet(taken);
      lastGiven = Collections.unmodifiableSortedMap(new TreeMap<>(lastGiven));
    }
  }

  /** What a policy gets. */
  public sealed interface Allocation {
    /** These addresses: at least one, at most one of each family; or the node address's slot. */
    record Given(SortedSet<IpAddress> addresses) implements Allocation {
      public Given {
        addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
      }
    }

    /** Nothing; the message names the field and the remedy. */
    record Refused(Refusal reason, String message) implements Allocation {}
  }

  /** The addresses that policies share which ask for none in particular: one for each pool. */
  public static SortedSet<IpAddress> defaults(EgressGatewaySpec spec) {
    TreeSet<IpAddress> defaults = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      namedDefault(spec, family)
          .or(() -> spec.pool(family).firstFree(Collections.emptySortedSet()))
          .ifPresent(defaults::add);
    }
    return defaults;
  }

  private static Optional<IpAddress> namedDefault(EgressGatewaySpec spec, IpFamily family) {
    return switch (family) {
      case IPV4 -> spec.ipv4Default().map(Function.identity());
      case IPV6 -> spec.ipv6Default().map(Function.identity());
    };
  }

  /** Chooses; the same pools and request always give the same. */
  public static Allocation allocate(Pools pools, EgressIpRequest request) {
    return switch (request) {
      case EgressIpRequest.NodeAddress ignored ->
          new Allocation.Given(new TreeSet<>(Set.of(NodeAddressSlot.of(pools.gateway()))));
      case EgressIpRequest.Explicit explicit -> explicit(pools, explicit);
      case EgressIpRequest.Default ignored when poolless(pools) -> poolEmpty(pools);
      case EgressIpRequest.RoundRobin ignored when poolless(pools) -> poolEmpty(pools);
      case EgressIpRequest.Default ignored -> new Allocation.Given(defaults(pools.spec()));
      case EgressIpRequest.RoundRobin ignored -> roundRobin(pools);
    };
  }

  private static boolean poolless(Pools pools) {
    return pools.spec().ipv4().isEmpty() && pools.spec().ipv6().isEmpty();
  }

  private static Allocation explicit(Pools pools, EgressIpRequest.Explicit explicit) {
    TreeSet<IpAddress> wanted = new TreeSet<>();
    explicit.ipv4().ifPresent(wanted::add);
    explicit.ipv6().ifPresent(wanted::add);
    return wanted.stream()
        .filter(address -> !pools.spec().pool(address.family()).contains(address))
        .findFirst()
        .map(stranger -> notInPool(pools, stranger))
        .orElseGet(() -> new Allocation.Given(wanted));
  }

  private static Allocation roundRobin(Pools pools) {
    TreeSet<IpAddress> chosen = new TreeSet<>();
    for (IpFamily family : IpFamily.values()) {
      IpPool pool = pools.spec().pool(family);
      if (!pool.isEmpty()) {
        Optional<IpAddress> free = next(pools, pool);
        if (free.isEmpty()) {
          return exhausted(pools, family);
        }
        chosen.add(free.get());
      }
    }
    return new Allocation.Given(chosen);
  }

  private static Optional<IpAddress> next(Pools pools, IpPool pool) {
    return Optional.ofNullable(pools.lastGiven().get(pool.family()))
        .flatMap(last -> pool.nextFree(last, pools.taken()))
        .filter(
            next -> pool.place(next).filter(place -> place.compareTo(ROUND_MAX) < 0).isPresent())
        .or(() -> pool.firstFree(pools.taken()));
  }

  private static Allocation poolEmpty(Pools pools) {
    return new Allocation.Refused(
        Refusal.POOL_EMPTY,
        ("EgressGateway %s has no addresses; add some to its spec.ippools.ipv4 or"
                + " spec.ippools.ipv6, or set spec.egressIP.useNodeIP: true")
            .formatted(pools.gateway()));
  }

  private static Allocation notInPool(Pools pools, IpAddress address) {
    return new Allocation.Refused(
        Refusal.EGRESS_IP_NOT_IN_POOL,
        "spec.egressIP.%s: %s is not in the pool of EgressGateway %s; name an address of %s, or add"
                .formatted(
                    field(address.family()),
                    address,
                    pools.gateway(),
                    pools.spec().pool(address.family()))
            + " this one to the gateway's spec.ippools.%s".formatted(field(address.family())));
  }

  private static Allocation exhausted(Pools pools, IpFamily family) {
    return new Allocation.Refused(
        Refusal.POOL_EXHAUSTED,
        "all %s addresses in spec.ippools.%s of EgressGateway %s are taken; add addresses, or share"
                .formatted(pools.spec().pool(family).size(), field(family), pools.gateway())
            + " one by spec.egressIP.allocatorPolicy: default");
  }

  private static String field(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ipv4";
      case IPV6 -> "ipv6";
    };
  }
}
