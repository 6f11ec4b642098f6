package io.egressgateway.policy.history;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.NodeName;
import java.time.Instant;
import java.util.Optional;

/**
 * A fact of the journal, for people.
 *
 * @param at when it was decided, by the clock of the controller that decided
 * @param subject the egress IP, or the policy, that it is about
 * @param step what about the holder
 * @param why for people; empty if the journal has no reason
 */
public record HistoryFact(Instant at, String subject, Kind kind, Step step, String why) {

  /** What happened. */
  public enum Kind {
    /** The egress IP got its number in the tunnel header. */
    NUMBERED,
    /** A session of a node was given the egress IP. */
    ASSIGNED,
    /** The holder was asked to stop. */
    RELEASE_REQUESTED,
    /** It is certain that the former holder has it no more. */
    RELEASED,
    /** The policy's spec was accepted. */
    ACCEPTED,
    /** The policy was given its egress IPs. */
    BOUND,
    /** The policy has no egress IP any more. */
    UNBOUND,
    /** The policy is gone. */
    WITHDRAWN
  }

  /**
   * What a fact says of the holder.
   *
   * @param epoch of the assignment
   * @param from the node that had the egress IP
   * @param to the node that has it now
   * @param proof why nobody else can hold it
   */
  public record Step(
      Optional<Epoch> epoch,
      Optional<NodeName> from,
      Optional<NodeName> to,
      Optional<OwnershipProof> proof) {

    /** Of a fact that is about no holder. */
    public static Step none() {
      return new Step(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }
}
