package io.egressgateway.k8s.app;

/**
 * Whether this member hosts the watcher of the cluster, how far that is, and whether the Kubernetes
 * API is still there for it. Written by the watcher's guardian, read by health checks and metrics;
 * thread-safe.
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
  private volatile boolean lost;

  Step step() {
    return step;
  }

  void reached(Step next) {
    step = next;
  }

  /** Whether the API serves the watcher; true where there is none. */
  boolean isApiUsable() {
    return step != Step.WAITING_FOR_API && !lost;
  }

  /** The watcher runs, and the API does not serve it any more. */
  void lostApi() {
    lost = true;
  }

  void regainedApi() {
    lost = false;
  }
}
