package io.egressgateway.policy.witness;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What callers may cost a witness. Whoever asks more often than its work can need is broken, and
 * must not keep the others' renewals waiting. Not thread-safe.
 */
final class Budgets {
  /** The fastest profile renews five times a second. */
  private static final TokenBucket.Rate AGENT = new TokenBucket.Rate(Duration.ofMillis(20), 100);

  /** A thousand silent nodes, asked about every 50 ms; all controllers together. */
  private static final TokenBucket.Rate CONTROLLERS =
      new TokenBucket.Rate(Duration.ofNanos(50_000), 20_000);

  private static final TokenBucket.Rate WITNESS = new TokenBucket.Rate(Duration.ofMillis(50), 50);

  /** More nodes than a cluster has; above, whoever was heard least lately starts anew. */
  private static final int CALLERS_MAX = 20_000;

  private final Map<String, TokenBucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
          return size() > CALLERS_MAX;
        }
      };

  /** Whether this caller may have one more request answered now. */
  boolean allow(Caller caller, long nowNanos) {
    return buckets
        .computeIfAbsent(caller.toString(), name -> new TokenBucket(rate(caller), nowNanos))
        .take(nowNanos);
  }

  private static TokenBucket.Rate rate(Caller caller) {
    if (caller.isController()) {
      return CONTROLLERS;
    }
    return caller.isWitness() ? WITNESS : AGENT;
  }
}
