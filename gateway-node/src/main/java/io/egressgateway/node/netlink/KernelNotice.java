package io.egressgateway.node.netlink;

import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.wire.nft.NftSubject;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.ForwardingEntry;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.Neighbour;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RoutingRule;

/** News of the kernel's tables. It tells that something changed; what is, is read by a dump. */
public sealed interface KernelNotice {
  /** Who caused a change. */
  enum Origin {
    /** One of the sockets the monitor was told of. */
    OWN,
    /** Another program. */
    FOREIGN,
    /** The kernel: a lifetime that ended, a route that went with its device. */
    KERNEL
  }

  /** Which way a thing changed. */
  enum Change {
    /** It is new, or different. */
    SET,
    /** It is gone. */
    REMOVED
  }

  /** A device. */
  record OfLink(Origin origin, Change change, Link link) implements KernelNotice {}

  /** An address. */
  record OfAddress(Origin origin, Change change, Address address) implements KernelNotice {}

  /** A neighbour. */
  record OfNeighbour(Origin origin, Change change, Neighbour neighbour) implements KernelNotice {}

  /** An entry of a device's own forwarding database. */
  record OfForwarding(Origin origin, Change change, ForwardingEntry entry)
      implements KernelNotice {}

  /** A route. */
  record OfRoute(Origin origin, Change change, Route route) implements KernelNotice {}

  /** A routing rule. */
  record OfRule(Origin origin, Change change, RoutingRule rule) implements KernelNotice {}

  /** Part of a committed nf_tables transaction. */
  record OfRuleset(Origin origin, NftSubject subject) implements KernelNotice {}

  /**
   * Forwarding or the reverse path filter of a device.
   *
   * @param link index, or below 0 for the settings of all devices
   */
  record OfSetting(Origin origin, int link) implements KernelNotice {}

  /** News were lost, or could not be read: read everything anew. */
  record Resync(NetlinkProtocol protocol, String reason) implements KernelNotice {}

  /** The last one of a protocol: its socket failed, nothing more will come. */
  record Ended(NetlinkProtocol protocol, String reason) implements KernelNotice {}
}
