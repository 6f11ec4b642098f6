package io.egressgateway.k8s.app;

/**
 * Whether this member hosts the watcher of the cluster, and how far that is. Written by the
 * watcher's guardian, read by health checks; thread-safe.
 */
final class WatcherState {

  /** The steps. */
  enum Step {
    /** Another member has it, or nobody yet. */
    ELSEWHERE,
    /** The Kubernetes API is not usable yet. */
    WAITING_FOR_API,
    /** The API is being listed. */
    LISTING,
    /** Everything has been listed. */
    SYNCED
  }

  private volatile Step step = Step.ELSEWHERE;

  Step step() {
    return step;
  }

  void reached(Step next) {
    step = next;
  }
}
