package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The node's link to the outside: it carries the tunnel and answers for egress IPs.
 *
 * @param name the link's name
 * @param mtu bytes
 * @param mac sender of our announcements
 * @param addresses the node's own addresses on it; egress IPs are not among them
 */
public record Uplink(String name, int mtu, MacAddress mac, SortedSet<IpAddress> addresses) {
  public Uplink {
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
  }
}
