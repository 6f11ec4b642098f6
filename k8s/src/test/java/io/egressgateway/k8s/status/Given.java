package io.egressgateway.k8s.status;

import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.AgentFacts;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.NodeFindings;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.entity.StatusReport.Placement;
import io.egressgateway.policy.entity.StatusReport.PoolUsage;
import io.egressgateway.policy.plan.Eligibility;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Values that the tests of this package start from. */
final class Given {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final Instant LATER = Instant.parse("2026-11-23T12:30:00Z");
  static final String UID = "00000000-0000-0000-0000-000000000001";

  static final NodeName WORKER_1 = new NodeName("worker-1");
  static final NodeName WORKER_2 = new NodeName("worker-2");
  static final GatewayName GATEWAY = new GatewayName("default");
  static final PolicyKey.Namespaced POLICY = new PolicyKey.Namespaced("shop", "test");
  static final IpAddress EIP = IpAddress.of("10.6.168.201");
  static final IpAddress EIP_V6 = IpAddress.of("fd00::201");

  static final Condition READY = Condition.ready("Programmed", "every egress IP is in place");

  private Given() {}

  static SpecVersion version(long generation) {
    return new SpecVersion(UID, new Generation(generation));
  }

  static SortedSet<Condition> conditions(Condition... conditions) {
    return new TreeSet<>(List.of(conditions));
  }

  static StatusReport.PolicyReport policyReport(NodeName holder) {
    return policyReport(new TreeMap<>(Map.of(EIP, new Holding.Programmed(holder))));
  }

  static StatusReport.PolicyReport policyReport(SortedMap<IpAddress, Holding> addresses) {
    return new StatusReport.PolicyReport(POLICY, version(3), addresses, conditions(READY));
  }

  static StatusReport.GatewayReport gatewayReport(SortedMap<IpAddress, Placement> placements) {
    TreeMap<NodeName, Eligibility> members = new TreeMap<>();
    members.put(WORKER_1, Eligibility.ELIGIBLE);
    members.put(WORKER_2, Eligibility.NOT_READY);
    TreeMap<IpFamily, PoolUsage> usage = new TreeMap<>();
    usage.put(IpFamily.IPV4, new PoolUsage(BigInteger.valueOf(5), BigInteger.valueOf(4)));
    return new StatusReport.GatewayReport(
        GATEWAY,
        version(3),
        members,
        Collections.emptySortedMap(),
        new StatusReport.Pools(Collections.emptySortedSet(), placements, usage),
        conditions(Condition.ready("NodesEligible", "addresses can be placed")));
  }

  static Placement placed(NodeName node, PolicyKey... policies) {
    return new Placement(
        Optional.of(node), new Holding.Programmed(node), new TreeSet<>(List.of(policies)));
  }

  static StatusReport.NodeReport nodeReport(NodeName node, StatusReport.Phase phase) {
    return nodeReport(node, phase, NodeFindings.NONE);
  }

  static StatusReport.NodeReport nodeReport(
      NodeName node, StatusReport.Phase phase, NodeFindings findings) {
    return new StatusReport.NodeReport(
        node,
        Optional.of(
            new TunnelIdentity(
                new NodeNumber(1),
                new MacAddress(0x6600_0000_0001L),
                Optional.of((Ipv4Address) IpAddress.of("172.31.0.1")),
                Optional.empty())),
        Optional.of(
            new AgentFacts(
                "eth0",
                1500,
                Optional.empty(),
                new TreeSet<>(List.of(IpAddress.of("10.6.168.11"))),
                0,
                new TreeSet<>(),
                findings)),
        phase,
        conditions(Condition.ready("Programmed", "the kernel has what it should")));
  }

  static SliceEndpoint endpoint(int number) {
    return new SliceEndpoint(
        "shop",
        "pod-%04d".formatted(number),
        WORKER_1,
        new TreeSet<>(
            List.of(IpAddress.of("10.244.%d.%d".formatted(number / 250, number % 250 + 1)))));
  }

  static SortedSet<SliceEndpoint> endpoints(int from, int to) {
    TreeSet<SliceEndpoint> endpoints = new TreeSet<>();
    for (int number = from; number < to; number++) {
      endpoints.add(endpoint(number));
    }
    return endpoints;
  }
}
