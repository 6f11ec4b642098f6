package io.egressgateway.k8s.status;

import io.egressgateway.policy.entity.StatusReport;

/**
 * Is told what the status writer hears and does, for those who watch it. Called by the writer: it
 * returns at once and changes nothing.
 */
public interface StatusWatch {

  /** What became of a write. */
  enum Write {
    SETTLED,
    GONE,
    FAILED
  }

  /** Nobody watches. */
  StatusWatch NOBODY =
      new StatusWatch() {
        @Override
        public void told(StatusReport report) {}

        @Override
        public void wrote(Write write) {}

        @Override
        public void stopped() {}
      };

  /** An entity has told the state of its object. */
  void told(StatusReport report);

  /** A write has ended. */
  void wrote(Write write);

  /** The writer goes on on another member, if at all. */
  void stopped();
}
