package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an agent found out about its node.
 *
 * @param uplink name of the interface that carries the tunnel and the egress IPs
 * @param mtu of the uplink, in bytes
 * @param mac of the uplink, where it has one
 * @param addresses of the uplink
 * @param clockPpm how far the node's synchronised clock runs off its hardware's, in parts per
 *     million; above 0 it runs fast
 * @param lostPaths gateway nodes that do not answer the node through the tunnel
 * @param findings what is wrong in the node's kernel
 */
public record AgentFacts(
    String uplink,
    int mtu,
    Optional<MacAddress> mac,
    SortedSet<IpAddress> addresses,
    int clockPpm,
    SortedSet<NodeName> lostPaths,
    NodeFindings findings) {
  public AgentFacts {
    // A controller of an earlier version does not say.
    lostPaths =
        Collections.unmodifiableSortedSet(
            new TreeSet<>(Objects.requireNonNullElse(lostPaths, Collections.emptySortedSet())));
    findings = Objects.requireNonNullElse(findings, NodeFindings.NONE);
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
  }
}
