package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.util.Collections;
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
 */
public record AgentFacts(
    String uplink,
    int mtu,
    Optional<MacAddress> mac,
    SortedSet<IpAddress> addresses,
    int clockPpm) {
  public AgentFacts {
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
  }
}
