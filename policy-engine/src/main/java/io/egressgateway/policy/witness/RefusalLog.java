package io.egressgateway.policy.witness;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who was refused and why, but not as often as somebody who never gives up could make it say
 * so. Not thread-safe.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final TokenBucket.Rate LINES = new TokenBucket.Rate(Duration.ofSeconds(2), 10);

  private final TokenBucket lines;
  private long unsaid;

  RefusalLog(long nowNanos) {
    this.lines = new TokenBucket(LINES, nowNanos);
  }

  void refused(Caller caller, String reason, long nowNanos) {
    if (lines.take(nowNanos)) {
      LOG.warn("refused caller={} reason=\"{}\" unsaid={}", caller, reason, unsaid);
      unsaid = 0;
    } else {
      unsaid++;
    }
  }
}
