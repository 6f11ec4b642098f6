package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.oracle.Holding.Sound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who was heard for one egress IP, in the order of arrival on one wire. Pure; not thread-safe.
 *
 * <p>Two nodes hold the address at once if both answer one question, or if a node is heard again
 * after another one has begun, and that so soon that no move there and back can explain it.
 */
final class HoldingLog {
  /** A holder that was silent for longer begins anew when it is heard again. */
  static final Duration SILENCE = Duration.ofMillis(250);

  /** No address is moved away and back within this: each way takes two commits of the journal. */
  static final Duration SOONEST_RETURN = Duration.ofMillis(20);

  /** Older ones are forgotten. */
  static final int HOLDINGS_MAX = 10_000;

  private static final int OVERLAPS_MAX = 1_000;

  private final IpAddress address;
  private final List<Holding> holdings = new ArrayList<>();
  private final Map<NodeName, Holding> latest = new HashMap<>();
  private final List<Overlap> overlaps = new ArrayList<>();
  private long lastProbe = -1;
  private Optional<NodeName> answeredLastProbe = Optional.empty();

  HoldingLog(IpAddress address) {
    this.address = address;
  }

  /** A node answered the question with this number. */
  void answered(NodeName node, long probe, long nanos) {
    if (probe == lastProbe && answeredLastProbe.filter(first -> !first.equals(node)).isPresent()) {
      overlap(answeredLastProbe.orElseThrow(), node, nanos, nanos);
    }
    if (probe > lastProbe) {
      lastProbe = probe;
      answeredLastProbe = Optional.of(node);
    }
    heard(node, nanos, Sound.CLAIM);
  }

  /** A node was heard. */
  void heard(NodeName node, long nanos, Sound sound) {
    Optional<Holding> current = current();
    boolean same = current.filter(holding -> holding.node().equals(node)).isPresent();
    if (same && nanos - current.orElseThrow().lastNanos() <= SILENCE.toNanos()) {
      Holding longer = current.orElseThrow().heard(nanos, sound);
      holdings.set(holdings.size() - 1, longer);
      latest.put(node, longer);
      return;
    }
    if (!same && latest.containsKey(node)) {
      Holding other = current.orElseThrow();
      boolean continued = other.firstNanos() - latest.get(node).lastNanos() < SILENCE.toNanos();
      if (continued && nanos - other.firstNanos() < SOONEST_RETURN.toNanos()) {
        overlap(node, other.node(), other.firstNanos(), nanos);
      }
    }
    if (holdings.size() == HOLDINGS_MAX) {
      holdings.removeFirst();
    }
    Holding begun = Holding.begin(node, nanos, sound);
    holdings.add(begun);
    latest.put(node, begun);
  }

  private void overlap(NodeName earlier, NodeName later, long fromNanos, long toNanos) {
    if (!overlaps.isEmpty()
        && fromNanos - overlaps.getLast().toNanos() < SILENCE.toNanos()
        && overlaps.size() <= OVERLAPS_MAX) {
      Overlap last = overlaps.removeLast();
      overlaps.add(new Overlap(address, last.earlier(), last.later(), last.fromNanos(), toNanos));
    } else if (overlaps.size() < OVERLAPS_MAX) {
      overlaps.add(new Overlap(address, earlier, later, fromNanos, toNanos));
    }
  }

  Optional<Holding> current() {
    return holdings.isEmpty() ? Optional.empty() : Optional.of(holdings.getLast());
  }

  List<Holding> holdings() {
    return List.copyOf(holdings);
  }

  List<Overlap> overlaps() {
    return List.copyOf(overlaps);
  }
}
