package io.egressgateway.k8s.reflector;

import java.time.Duration;

/**
 * How a reflector spends its time.
 *
 * @param watchLife after which a watch is followed by another one, as a server or a network may
 *     have forgotten it: what it has missed by then, the next one tells
 * @param secondLook after which a list that lacks much is compared with another one
 * @param retryMin after the first failure; each further one doubles it
 * @param retryMax at most
 */
public record ReflectorTiming(
    Duration watchLife, Duration secondLook, Duration retryMin, Duration retryMax) {

  /** 45 s, 10 s, 0.2 s to 10 s. */
  public static ReflectorTiming standard() {
    return new ReflectorTiming(
        Duration.ofSeconds(45),
        Duration.ofSeconds(10),
        Duration.ofMillis(200),
        Duration.ofSeconds(10));
  }

  Duration afterRetry(Duration last) {
    Duration doubled = last.multipliedBy(2);
    return doubled.compareTo(retryMax) < 0 ? doubled : retryMax;
  }
}
