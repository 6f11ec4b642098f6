package io.egressgateway.k8s.status;

import java.util.concurrent.atomic.AtomicLong;

/** The newest version of an object of one kind that we have written. Thread-safe. */
final class NewestVersion {
  private final AtomicLong version = new AtomicLong();

  void note(String written) {
    ResourceVersions.number(written)
        .ifPresent(number -> version.accumulateAndGet(number, Math::max));
  }

  /** As the API takes it; 0, which any state of the server satisfies, before the first. */
  @Override
  public String toString() {
    return version.toString();
  }
}
