package io.egressgateway.node.netlink;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNLGRP_NFTABLES;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV4_IFADDR;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV4_NETCONF;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV4_ROUTE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV4_RULE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV6_IFADDR;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV6_NETCONF;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV6_ROUTE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_IPV6_RULE;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_LINK;
import static io.egressgateway.node.netlink.wire.route.RouteConstants.RTNLGRP_NEIGH;

import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import java.util.List;

/** What a {@link NetlinkMonitor} can listen to. */
public enum MonitorTopic {
  LINKS,
  NEIGHBOURS,
  ADDRESSES,
  ROUTES,
  RULES,
  /** Forwarding and reverse path filters. */
  SETTINGS,
  /** Changes of tables, chains, rules, sets and elements. */
  RULESET;

  NetlinkProtocol protocol() {
    return switch (this) {
      case LINKS, NEIGHBOURS, ADDRESSES, ROUTES, RULES, SETTINGS -> NetlinkProtocol.ROUTE;
      case RULESET -> NetlinkProtocol.NETFILTER;
    };
  }

  /** The multicast groups of the protocol. */
  List<Integer> groups() {
    return switch (this) {
      case LINKS -> List.of(RTNLGRP_LINK);
      case NEIGHBOURS -> List.of(RTNLGRP_NEIGH);
      case ADDRESSES -> List.of(RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);
      case ROUTES -> List.of(RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE);
      case RULES -> List.of(RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE);
      case SETTINGS -> List.of(RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF);
      case RULESET -> List.of(NFNLGRP_NFTABLES);
    };
  }
}
