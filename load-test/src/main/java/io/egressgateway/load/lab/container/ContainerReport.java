package io.egressgateway.load.lab.container;

/**
 * How a container of a pod is.
 *
 * @param restarts how often it was started again
 */
record ContainerReport(String name, String image, Phase phase, int restarts) {

  /** Where a container stands. */
  sealed interface Phase {
    /** Not started yet, or about to be started again. */
    record Waiting(String reason) implements Phase {}

    /** It runs. */
    record Running(String since, Readiness readiness) implements Phase {}

    /** It ended and is not started again. */
    record Ended(int exitCode) implements Phase {}
  }

  /** What its readiness probe says, or that it has none and runs. */
  enum Readiness {
    READY,
    NOT_READY
  }

  boolean ready() {
    return phase instanceof Phase.Running(var since, var readiness) && readiness == Readiness.READY;
  }

  boolean succeeded() {
    return phase instanceof Phase.Ended(int code) && code == 0;
  }

  boolean ended() {
    return phase instanceof Phase.Ended;
  }
}
