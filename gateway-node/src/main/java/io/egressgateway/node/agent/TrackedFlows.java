package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.FlowReview;
import io.egressgateway.node.kernel.Marks;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tracked connections that bear our marks. Refusals are told, and change nothing else. */
record TrackedFlows(ConntrackNetlink conntrack) {
  private static final Logger LOG = LoggerFactory.getLogger(TrackedFlows.class);
  private static final MarkFilter OF_LOCAL_PODS =
      new MarkFilter(Marks.EGRESS_KIND, Marks.ROLE_MASK);
  private static final MarkFilter OF_BOTH_KINDS =
      new MarkFilter(Marks.EGRESS_KIND, Marks.EITHER_KIND_MASK);

  /** Forgets those of local pods that the selection gives another egress IP, or none. */
  int forgetObsolete(Selection selection) {
    FlowReview review = new FlowReview(selection);
    int forgotten = 0;
    try {
      for (IpFamily family : IpFamily.values()) {
        for (ConntrackEntry entry : conntrack.entries(family, OF_LOCAL_PODS)) {
          Tuple flow = entry.key().original();
          int mark = entry.progress().mark();
          if (review.isObsolete(flow.source(), flow.destination(), mark) && forget(entry)) {
            forgotten++;
          }
        }
      }
    } catch (NetlinkException | MalformedNetlinkMessage refused) {
      LOG.warn(
          "connections of former policies go on until they end reason=\"{}\"",
          refused.getMessage());
    }
    return forgotten;
  }

  /** Forgets all with a mark of ours, before the rules go that know what to do with them. */
  void forgetAll() {
    try {
      conntrack.deleteMarked(OF_BOTH_KINDS);
    } catch (NetlinkException refused) {
      LOG.warn("connections with our marks are left reason=\"{}\"", refused.getMessage());
    }
  }

  /** False for one that ended by itself meanwhile. */
  private boolean forget(ConntrackEntry entry) {
    try {
      conntrack.delete(entry.key());
      return true;
    } catch (NetlinkException refused) {
      if (refused.errno() == Errno.ENOENT) {
        return false;
      }
      throw refused;
    }
  }
}
