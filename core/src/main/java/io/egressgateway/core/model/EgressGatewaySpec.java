package io.egressgateway.core.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What an EgressGateway asks for, checked.
 *
 * @param ipv4 addresses to hand out; both pools empty leaves only {@link
 *     EgressIpRequest.NodeAddress}
 * @param ipv4Default in the pool; absent means that the gateway chooses
 * @param nodeSelector which nodes may hold the addresses
 * @param failMode what becomes of new connections while no node holds their address
 * @param tenants whose policies it serves
 * @param onWitnessLoss what becomes of its addresses while their node reaches no majority of the
 *     witnesses
 * @param replication whether its connections are made known to another node in advance
 */
public record EgressGatewaySpec(
    IpPool ipv4,
    IpPool ipv6,
    Optional<Ipv4Address> ipv4Default,
    Optional<Ipv6Address> ipv6Default,
    LabelSelector nodeSelector,
    ClusterDefault clusterDefault,
    FailMode failMode,
    Tenants tenants,
    WitnessLoss onWitnessLoss,
    ConnectionReplication replication) {

  /**
   * Checks the pools against their families and defaults.
   *
   * @throws IllegalArgumentException when a pool is of the wrong family or a default address is
   *     outside its pool
   */
  public EgressGatewaySpec {
    // A controller of an earlier version says nothing of these.
    tenants = Objects.requireNonNullElseGet(tenants, Tenants.Everyone::new);
    onWitnessLoss = Objects.requireNonNullElse(onWitnessLoss, WitnessLoss.CLOSE);
    replication = Objects.requireNonNullElse(replication, ConnectionReplication.OFF);
    requireFamily(ipv4, IpFamily.IPV4);
    requireFamily(ipv6, IpFamily.IPV6);
    requireInside(ipv4Default, ipv4);
    requireInside(ipv6Default, ipv6);
  }

  /** A gateway for every policy, whose addresses are closed with their node's lease. */
  public EgressGatewaySpec(
      IpPool ipv4,
      IpPool ipv6,
      Optional<Ipv4Address> ipv4Default,
      Optional<Ipv6Address> ipv6Default,
      LabelSelector nodeSelector,
      ClusterDefault clusterDefault,
      FailMode failMode) {
    this(
        ipv4,
        ipv6,
        ipv4Default,
        ipv6Default,
        nodeSelector,
        clusterDefault,
        failMode,
        new Tenants.Everyone(),
        WitnessLoss.CLOSE,
        ConnectionReplication.OFF);
  }

  /** The same for these tenants. */
  public EgressGatewaySpec withTenants(Tenants others) {
    return new EgressGatewaySpec(
        ipv4,
        ipv6,
        ipv4Default,
        ipv6Default,
        nodeSelector,
        clusterDefault,
        failMode,
        others,
        onWitnessLoss,
        replication);
  }

  /** The same with this for its addresses when the witnesses are lost. */
  public EgressGatewaySpec withOnWitnessLoss(WitnessLoss onLoss) {
    return new EgressGatewaySpec(
        ipv4,
        ipv6,
        ipv4Default,
        ipv6Default,
        nodeSelector,
        clusterDefault,
        failMode,
        tenants,
        onLoss,
        replication);
  }

  /** The same with or without replication of its connections. */
  public EgressGatewaySpec withReplication(ConnectionReplication choice) {
    return new EgressGatewaySpec(
        ipv4,
        ipv6,
        ipv4Default,
        ipv6Default,
        nodeSelector,
        clusterDefault,
        failMode,
        tenants,
        onWitnessLoss,
        choice);
  }

  /** The same with these pools; a default address that is in none of them is left to choose. */
  public EgressGatewaySpec withPools(IpPool otherIpv4, IpPool otherIpv6) {
    return new EgressGatewaySpec(
        otherIpv4,
        otherIpv6,
        ipv4Default.filter(otherIpv4::contains),
        ipv6Default.filter(otherIpv6::contains),
        nodeSelector,
        clusterDefault,
        failMode,
        tenants,
        onWitnessLoss,
        replication);
  }

  private static void requireFamily(IpPool pool, IpFamily family) {
    if (pool.family() != family) {
      throw new IllegalArgumentException(
          "the " + family + " pool of a gateway holds " + pool.family() + " addresses");
    }
  }

  private static void requireInside(Optional<? extends IpAddress> address, IpPool pool) {
    address
        .filter(candidate -> !pool.contains(candidate))
        .ifPresent(
            stranger -> {
              throw new IllegalArgumentException(
                  "the default address " + stranger + " is outside the pool " + pool);
            });
  }

  /** The pool of the family. */
  public IpPool pool(IpFamily family) {
    return switch (family) {
      case IPV4 -> ipv4;
      case IPV6 -> ipv6;
    };
  }
}
