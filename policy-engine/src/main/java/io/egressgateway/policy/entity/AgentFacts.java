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
 */
public record AgentFacts(
    String uplink, int mtu, Optional<MacAddress> mac, SortedSet<IpAddress> addresses) {
  public AgentFacts {
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
  }
}
