package io.egressgateway.node.agent;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.FlowReview;
import io.egressgateway.node.netlink.ConntrackNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import io.egressgateway.node.netlink.wire.conntrack.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tracked connections that bear our marks. Refusals are told, and change nothing else. */
record TrackedFlows(ConntrackNetlink conntrack) {
  private static final Logger LOG = LoggerFactory.getLogger(TrackedFlows.class);

  /** Forgets those of local pods that the selection gives another egress IP, or none. */
  int forgetObsolete(Selection selection, KernelNumbers numbers) {
    FlowReview review = new FlowReview(selection, numbers);
    MarkFilter ofLocalPods = new MarkFilter(numbers.mark(), KernelNumbers.ROLE_MASK);
    int forgotten = 0;
    try {
      for (IpFamily family : IpFamily.values()) {
        for (ConntrackEntry entry : conntrack.entries(family, ofLocalPods)) {
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
  void forgetAll(KernelNumbers numbers) {
    try {
      conntrack.deleteMarked(ofBothKinds(numbers));
    } catch (NetlinkException refused) {
      LOG.warn("connections with our marks are left reason=\"{}\"", refused.getMessage());
    }
  }

  private static MarkFilter ofBothKinds(KernelNumbers numbers) {
    return new MarkFilter(numbers.mark(), numbers.mask());
  }

  /**
   * Gives those with marks of former numbers the marks that they have in the next ones.
   *
   * @throws NetlinkException if the kernel lets them not be seen or changed
   */
  void renumber(KernelNumbers former, KernelNumbers next) {
    int changed = 0;
    for (IpFamily family : IpFamily.values()) {
      List<ConntrackEntry> entries = conntrack.entries(family, ofBothKinds(former));
      Map<FlowKey, Integer> marks = new LinkedHashMap<>();
      entries.forEach(
          entry -> marks.put(entry.key(), former.translate(entry.progress().mark(), next)));
      for (NetlinkException refused : conntrack.markAll(marks)) {
        if (refused.errno() != Errno.ENOENT) {
          throw refused;
        }
      }
      changed += marks.size();
    }
    LOG.info(
        "connections renumbered from={} to={} count={}", former.marks(), next.marks(), changed);
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
