package io.egressgateway.policy.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final TokenBucket.Rate RATE = new TokenBucket.Rate(Duration.ofMillis(100), 5);

  private static int taken(TokenBucket bucket, long now) {
    int taken = 0;
    while (bucket.take(now)) {
      taken++;
    }
    return taken;
  }

  /** The clock's origin does not matter, nor that it wraps. */
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - 200_000_000L, Long.MIN_VALUE})
  void aBurstThenTheRateThenABurstAgain(long start) {
    TokenBucket bucket = new TokenBucket(RATE, start);

    assertThat(taken(bucket, start)).isEqualTo(5);
    assertThat(taken(bucket, start + SECOND / 10 - 1)).isZero();
    assertThat(taken(bucket, start + SECOND / 10)).isEqualTo(1);
    assertThat(taken(bucket, start + SECOND / 10 * 3)).isEqualTo(2);
    assertThat(taken(bucket, start + 10 * SECOND)).isEqualTo(5);
  }
}
