package io.egressgateway.node.lease;

import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.NodeSession;
import java.time.Duration;

/** Connections to all witnesses of one membership. Nothing here waits for a witness. */
public interface WitnessLine extends AutoCloseable {

  /** Where answers go; called by any thread. */
  interface Answers {
    /** The witness, by its index in the membership, promises. */
    void promised(int witness, long incarnation, long sequence);

    /** The witness, by its index in the membership, says that the incarnation is over. */
    void nacked(int witness, long incarnation);
  }

  /** Makes lines. */
  @FunctionalInterface
  interface Opener {
    /** Starts to connect. */
    WitnessLine open(WitnessMembership witnesses, Answers answers);
  }

  /** Asks all witnesses; one that cannot be reached just does not answer. */
  void renew(NodeSession session, long sequence, Duration lease);

  @Override
  void close();
}
