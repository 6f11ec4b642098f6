package io.egressgateway.load.demo;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.load.lab.LabSettings.ApiChoice;
import java.nio.file.Path;

/** How to tell the story. */
record DemoOptions(Plot plot, Stage stage, End end) {
  /**
   * Where it is told.
   *
   * @param api which Kubernetes API
   * @param controllers how many members the control plane has
   * @param profile the leases of the gateway nodes
   * @param directory for logs, keys and data
   */
  record Stage(ApiChoice api, int controllers, LeaseProfile profile, Path directory) {}

  /** What is told. */
  enum Plot {
    /** The user guide. */
    GUIDE,
    /** The node that holds the egress IP dies. */
    FAILOVER
  }

  /** What becomes of the lab when the story is told. */
  enum End {
    /** It is removed. */
    REMOVE,
    /** It stays up, the policy applied, until a signal comes. */
    KEEP
  }
}
