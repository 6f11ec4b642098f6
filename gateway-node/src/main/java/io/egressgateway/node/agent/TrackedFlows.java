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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tracked connections that bear our marks. Refusals are told, and change nothing else. A node
 * has more of them than there is room for: they are looked at one after the other.
 *
 * @param atOnceMax of how many connections something is kept at once
 */
record TrackedFlows(ConntrackNetlink conntrack, int atOnceMax) {
  private static final Logger LOG = LoggerFactory.getLogger(TrackedFlows.class);

  /** About 300 bytes each. */
  private static final int AT_ONCE_MAX = 10_000;

  TrackedFlows(ConntrackNetlink conntrack) {
    this(conntrack, AT_ONCE_MAX);
  }

  /** Forgets those of local pods that the selection gives another egress IP, or none. */
  int forgetObsolete(Selection selection, KernelNumbers numbers) {
    FlowReview review = new FlowReview(selection, numbers);
    MarkFilter ofLocalPods = new MarkFilter(numbers.mark(), KernelNumbers.ROLE_MASK);
    int forgotten = 0;
    try {
      for (IpFamily family : IpFamily.values()) {
        List<FlowKey> found;
        int ended;
        do {
          found = find(family, ofLocalPods, entry -> isObsolete(entry, review));
          ended = forget(found);
          forgotten += ended;
        } while (found.size() == atOnceMax && ended > 0);
      }
    } catch (NetlinkException | MalformedNetlinkMessage refused) {
      LOG.warn(
          "connections of former policies go on until they end reason=\"{}\"",
          refused.getMessage());
    }
    return forgotten;
  }

  private static boolean isObsolete(ConntrackEntry entry, FlowReview review) {
    Tuple flow = entry.key().original();
    return review.isObsolete(flow.source(), flow.destination(), entry.progress().mark());
  }

  /** The first ones; there may be more. */
  private List<FlowKey> find(IpFamily family, MarkFilter marks, Predicate<ConntrackEntry> wanted) {
    List<FlowKey> keys = new ArrayList<>();
    conntrack.scan(
        family,
        marks,
        entry -> {
          if (keys.size() < atOnceMax && wanted.test(entry)) {
            keys.add(entry.key());
          }
        });
    return keys;
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
      AtomicInteger count = new AtomicInteger();
      conntrack.scan(family, ofBothKinds(former), any -> count.incrementAndGet());
      int parts = Math.ceilDiv(count.get(), atOnceMax);
      for (int part = 0; part < parts; part++) {
        Map<FlowKey, Integer> marks = new LinkedHashMap<>();
        Part its = new Part(part, parts);
        conntrack.scan(
            family,
            ofBothKinds(former),
            entry -> {
              if (its.has(entry.key())) {
                marks.put(entry.key(), former.translate(entry.progress().mark(), next));
              }
            });
        throwUnlessEnded(conntrack.markAll(marks));
        changed += marks.size();
      }
    }
    LOG.info(
        "connections renumbered from={} to={} count={}", former.marks(), next.marks(), changed);
  }

  /** Of all connections. A new mark may be like a former one, so each is in one part only. */
  private record Part(int number, int parts) {
    boolean has(FlowKey key) {
      return Math.floorMod(key.hashCode(), parts) == number;
    }
  }

  /** How many did not end by themselves meanwhile. */
  private int forget(List<FlowKey> keys) {
    List<NetlinkException> refusals = conntrack.deleteAll(keys);
    throwUnlessEnded(refusals);
    return keys.size() - refusals.size();
  }

  private static void throwUnlessEnded(List<NetlinkException> refusals) {
    for (NetlinkException refused : refusals) {
      if (refused.errno() != Errno.ENOENT) {
        throw refused;
      }
    }
  }
}
