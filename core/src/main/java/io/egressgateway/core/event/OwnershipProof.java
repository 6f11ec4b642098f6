package io.egressgateway.core.event;

import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Why it is certain that an address has no other holder. Journalled with each move, for audit. */
public sealed interface OwnershipProof {

  /** Proof that the session can never hold any address again (R7). */
  sealed interface EndOfSession extends OwnershipProof {
    /** The session that is over. */
    NodeSession of();
  }

  /** No session has ever held the address. */
  record NeverHeld() implements OwnershipProof {}

  /** The session has closed the address's gate and will not open it in that epoch again. */
  record ReleaseAcknowledged(NodeSession of) implements OwnershipProof {}

  /** The grant was never passed on to the session, and never will be. */
  record NeverGranted(NodeSession of) implements OwnershipProof {}

  /**
   * A majority of the witnesses has said, in one round, that the session's lease is over, and will
   * never renew it again.
   *
   * @param round of the votes, counted by whoever asked
   * @param witnesses those who voted, by their place in the list
   */
  record Certificate(NodeSession of, long round, SortedSet<Integer> witnesses)
      implements EndOfSession {
    public Certificate {
      witnesses = Collections.unmodifiableSortedSet(new TreeSet<>(witnesses));
    }
  }

  /** A later session of the same boot has spoken: it closed every gate before it began. */
  record LaterIncarnation(NodeSession of, NodeSession later) implements EndOfSession {
    public LaterIncarnation {
      if (!later.isLaterThan(of)) {
        throw new IllegalArgumentException(later + " is not later than " + of);
      }
    }
  }

  /**
   * Somebody vouches that the machine is off.
   *
   * @param by who says so
   * @param reason what was done to be sure
   */
  record FenceAsserted(NodeSession of, String by, String reason) implements EndOfSession {}

  /** The session that the proof is about; nothing else is proved by it. */
  default Optional<NodeSession> session() {
    return switch (this) {
      case NeverHeld ignored -> Optional.empty();
      case ReleaseAcknowledged proof -> Optional.of(proof.of());
      case NeverGranted proof -> Optional.of(proof.of());
      case Certificate proof -> Optional.of(proof.of());
      case LaterIncarnation proof -> Optional.of(proof.of());
      case FenceAsserted proof -> Optional.of(proof.of());
    };
  }

  /**
   * Whether it proves of an address that was assigned with this that its holder has stopped (R7).
   * One that holds on without a lease is not stopped by the end of the lease, whoever certifies it,
   * and a later session of its boot may have taken it over.
   */
  default boolean frees(WitnessLoss onLoss) {
    return switch (onLoss) {
      case CLOSE -> true;
      case HOLD ->
          switch (this) {
            case NeverHeld ignored -> true;
            case ReleaseAcknowledged ignored -> true;
            case NeverGranted ignored -> true;
            case FenceAsserted ignored -> true;
            case Certificate ignored -> false;
            case LaterIncarnation ignored -> false;
          };
    };
  }

  /** Whether the session can never hold any address again. */
  default boolean endsSession() {
    return this instanceof EndOfSession;
  }
}
