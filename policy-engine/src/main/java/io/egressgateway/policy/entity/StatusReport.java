package io.egressgateway.policy.entity;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.plan.Eligibility;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The state of one object for its {@code status}. A report holds everything there is to say, so
 * only the newest of an object counts. It carries no time: the writer notes when a condition
 * changed.
 */
public sealed interface StatusReport extends ClusterMessage {

  SortedSet<Condition> conditions();

  /**
   * Of an EgressPolicy or EgressClusterPolicy.
   *
   * @param version the spec that the rest is about
   * @param addresses the policy's egress IPs and who holds each
   */
  record PolicyReport(
      PolicyKey policy,
      SpecVersion version,
      SortedMap<IpAddress, Holding> addresses,
      SortedSet<Condition> conditions)
      implements StatusReport {
    public PolicyReport {
      addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
      conditions = Collections.unmodifiableSortedSet(new TreeSet<>(conditions));
    }

    /** Whether the engine is still at it: a report that says how it ended follows soon. */
    public boolean awaitsMore() {
      return PolicyReports.areUnderway(conditions);
    }

    /** The node that carries the policy's traffic; of two addresses the IPv4 one counts. */
    public Optional<NodeName> holder() {
      return addresses.values().stream().flatMap(holding -> holding.holder().stream()).findFirst();
    }
  }

  /** The policy is gone and nothing of it is left: no address, no rule. */
  record PolicyGone(PolicyKey policy) implements StatusReport {
    @Override
    public SortedSet<Condition> conditions() {
      return Collections.emptySortedSet();
    }
  }

  /**
   * Of an EgressGateway.
   *
   * @param version the spec that the rest is about
   * @param members the nodes that the selector matches
   * @param standings what those of them have told that have spoken
   * @param pools addresses given out and left
   */
  record GatewayReport(
      GatewayName gateway,
      SpecVersion version,
      SortedMap<NodeName, Eligibility> members,
      SortedMap<NodeName, NodeStanding.Kind> standings,
      Pools pools,
      SortedSet<Condition> conditions)
      implements StatusReport {
    public GatewayReport {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      standings = Collections.unmodifiableSortedMap(new TreeMap<>(standings));
      conditions = Collections.unmodifiableSortedSet(new TreeSet<>(conditions));
    }
  }

  /**
   * @param defaults the addresses that policies share which ask for none in particular
   * @param placements the addresses in use
   * @param usage of each family's pool; a family without a pool is absent
   */
  record Pools(
      SortedSet<IpAddress> defaults,
      SortedMap<IpAddress, Placement> placements,
      SortedMap<IpFamily, PoolUsage> usage) {
    public Pools {
      defaults = Collections.unmodifiableSortedSet(new TreeSet<>(defaults));
      placements = Collections.unmodifiableSortedMap(new TreeMap<>(placements));
      usage = Collections.unmodifiableSortedMap(new TreeMap<>(usage));
    }
  }

  /** An address in use: where it should be, where it is, and for whom. */
  record Placement(Optional<NodeName> intended, Holding holding, SortedSet<PolicyKey> policies) {
    public Placement {
      policies = Collections.unmodifiableSortedSet(new TreeSet<>(policies));
    }
  }

  /** Numbers of addresses; a pool may have more than a long can count. */
  record PoolUsage(BigInteger total, BigInteger free) {}

  /**
   * Of an EgressGateway that is being deleted and is still used.
   *
   * @param users the policies that hold addresses of it; nobody while its addresses are withdrawn
   */
  record GatewayRetiring(
      GatewayName gateway, SortedSet<PolicyKey> users, SortedSet<Condition> conditions)
      implements StatusReport {
    public GatewayRetiring {
      users = Collections.unmodifiableSortedSet(new TreeSet<>(users));
      conditions = Collections.unmodifiableSortedSet(new TreeSet<>(conditions));
    }
  }

  /** The gateway is gone and nothing of it is left. */
  record GatewayGone(GatewayName gateway) implements StatusReport {
    @Override
    public SortedSet<Condition> conditions() {
      return Collections.emptySortedSet();
    }
  }

  /**
   * Of an EgressTunnel.
   *
   * @param tunnel the node's place in the mesh, once it has one
   * @param facts what its agent found, once it has spoken
   */
  record NodeReport(
      NodeName node,
      Optional<TunnelIdentity> tunnel,
      Optional<AgentFacts> facts,
      Phase phase,
      SortedSet<Condition> conditions)
      implements StatusReport {
    public NodeReport {
      conditions = Collections.unmodifiableSortedSet(new TreeSet<>(conditions));
    }
  }

  /** The node is gone from the mesh. */
  record NodeGone(NodeName node) implements StatusReport {
    @Override
    public SortedSet<Condition> conditions() {
      return Collections.emptySortedSet();
    }
  }

  /** The phases of an EgressTunnel that the engine knows of. */
  enum Phase {
    /** Not yet in the mesh. */
    PENDING,
    /** In the mesh; its agent has not applied a plan yet. */
    INIT,
    /** Its agent could not bring the kernel to the plan. */
    FAILED,
    /** The kernel has what it should. */
    READY,
    /** Its agent has not been heard of for longer than the grace period. */
    HEARTBEAT_TIMEOUT
  }
}
