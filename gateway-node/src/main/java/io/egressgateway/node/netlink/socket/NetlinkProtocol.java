package io.egressgateway.node.netlink.socket;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NETLINK_NETFILTER;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NETLINK_ROUTE;

/** NETLINK_… of linux/netlink.h: which part of the kernel a socket talks to. */
public enum NetlinkProtocol {
  /** Links, addresses, neighbours, routes, rules. */
  ROUTE(NETLINK_ROUTE),
  /** nf_tables. */
  NETFILTER(NETLINK_NETFILTER);

  private final int number;

  NetlinkProtocol(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
