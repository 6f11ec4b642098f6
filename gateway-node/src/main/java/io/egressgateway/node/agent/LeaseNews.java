package io.egressgateway.node.agent;

import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.NodeSession;

/** What the lease has to tell the agent. */
public sealed interface LeaseNews {

  /** Somebody wants this node to have a lease, and nobody did before. Other terms are no news. */
  record Enlisted() implements LeaseNews {}

  /** Nobody does any more. */
  record Dismissed() implements LeaseNews {}

  /** The session has begun, ended or changed its standing. */
  record Changed(NodeSession session, Standing standing) implements LeaseNews {}

  /** The controllers are to know this. */
  record Told(Report report) implements LeaseNews {}
}
