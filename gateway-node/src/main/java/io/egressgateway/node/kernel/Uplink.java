package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The node's link to the outside: it answers for egress IPs.
 *
 * @param name the link's name
 * @param mtu bytes
 * @param mac sender of our announcements
 * @param addresses the node's own addresses on it; egress IPs are not among them
 * @param lower the link that the tunnel's packets leave by; mostly this one
 */
public record Uplink(
    String name, int mtu, MacAddress mac, SortedSet<IpAddress> addresses, Lower lower) {

  /**
   * The link to the other nodes.
   *
   * @param mtu bytes
   */
  public record Lower(String name, int mtu) {}

  /** A link that leads to the other nodes, too. */
  public Uplink(String name, int mtu, MacAddress mac, SortedSet<IpAddress> addresses) {
    this(name, mtu, mac, addresses, new Lower(name, mtu));
  }

  public Uplink {
    addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
  }
}
