package io.egressgateway.node.uplink;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Other hosts that claim addresses of ours. Each address is defended at most once in ten seconds,
 * whatever a rival does (RFC 5227 section 2.4: two that both defend would go on for ever), and
 * reported at most once a second.
 *
 * <p>Remembers nothing of addresses that are not held, so it is never larger than they are. Not
 * thread-safe.
 */
final class Rivals {
  private static final long DEFEND_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long REPORT_NANOS = Duration.ofSeconds(1).toNanos();

  /** What to do about a claim. */
  enum Response {
    /** It is ours, of no concern, or was dealt with a moment ago. */
    IGNORE,
    REPORT,
    REPORT_AND_DEFEND
  }

  private record Dealt(long reportedNanos, long defendedNanos) {}

  private final Map<IpAddress, Dealt> dealt = new HashMap<>();
  private SortedSet<IpAddress> held = new TreeSet<>();

  /** These addresses are ours now, and no others. */
  void hold(SortedSet<IpAddress> addresses) {
    held = new TreeSet<>(addresses);
    dealt.keySet().retainAll(held);
  }

  Response on(Claim claim, MacAddress own, long nowNanos) {
    if (!held.contains(claim.address()) || claim.mac().equals(own)) {
      return Response.IGNORE;
    }
    Optional<Dealt> before = Optional.ofNullable(dealt.get(claim.address()));
    if (before.isEmpty() || nowNanos - before.get().defendedNanos() >= DEFEND_NANOS) {
      dealt.put(claim.address(), new Dealt(nowNanos, nowNanos));
      return Response.REPORT_AND_DEFEND;
    }
    if (nowNanos - before.get().reportedNanos() >= REPORT_NANOS) {
      dealt.put(claim.address(), new Dealt(nowNanos, before.get().defendedNanos()));
      return Response.REPORT;
    }
    return Response.IGNORE;
  }
}
