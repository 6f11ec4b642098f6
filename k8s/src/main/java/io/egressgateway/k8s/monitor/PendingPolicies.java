package io.egressgateway.k8s.monitor;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport.PolicyReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The policies whose newest spec is not in place yet, and since when it has been known: one entry
 * for a policy, until its egress IPs are in place or the spec is refused, changed or deleted. Times
 * are those of a monotonic clock in nanoseconds. Thread-safe.
 */
final class PendingPolicies {

  private record Pending(SpecVersion version, long since) {}

  private final Map<PolicyKey, Pending> pending = new HashMap<>();

  /** This spec is to be put in place from now on; the one before it, if any, counts no more. */
  synchronized void begin(PolicyKey policy, SpecVersion version, long now) {
    Pending known = pending.get(policy);
    if (known == null || !known.version().equals(version)) {
      pending.put(policy, new Pending(version, now));
    }
  }

  /** Nothing is to be put in place for the policy. */
  synchronized void forget(PolicyKey policy) {
    pending.remove(policy);
  }

  synchronized void clear() {
    pending.clear();
  }

  /** How long it took, if this report is the first to say that the spec is in place. */
  synchronized Optional<Duration> told(PolicyReport report, long now) {
    Pending known = pending.get(report.policy());
    if (known == null || !known.version().equals(report.version()) || !isReady(report)) {
      return Optional.empty();
    }
    pending.remove(report.policy());
    return Optional.of(Duration.ofNanos(now - known.since()));
  }

  private static boolean isReady(PolicyReport report) {
    return report.conditions().stream()
        .anyMatch(
            condition ->
                condition.type().equals(Condition.READY)
                    && condition.status() == Condition.Status.TRUE);
  }

  synchronized int count() {
    return pending.size();
  }

  /** For how long the one that has waited longest waits; zero if none does. */
  synchronized Duration longest(long now) {
    return Duration.ofNanos(
        pending.values().stream().mapToLong(known -> now - known.since()).max().orElse(0));
  }
}
