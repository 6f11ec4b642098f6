package io.egressgateway.core.event;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Instant;

/**
 * The ownership ledger of one egress IP. The journal's primary key orders these facts: of two
 * writers with the same history at most one succeeds.
 */
public sealed interface EipEvent {
  Instant at();

  /** The address got its number in the tunnel header. */
  record EipNumbered(EipNumber number, Instant at) implements EipEvent {}

  /**
   * The session owns the address from now on.
   *
   * @param epoch one above the epoch of the last assignment
   * @param proof why nobody else can hold it
   * @param onLoss what the session does with it when it loses the witnesses; as long as the epoch
   *     lasts
   */
  record EipAssigned(
      Epoch epoch,
      NodeSession session,
      GatewayName gateway,
      OwnershipProof proof,
      WitnessLoss onLoss,
      Instant at)
      implements EipEvent {

    /** An assignment that ends with the session's lease. */
    public EipAssigned(
        Epoch epoch, NodeSession session, GatewayName gateway, OwnershipProof proof, Instant at) {
      this(epoch, session, gateway, proof, WitnessLoss.CLOSE, at);
    }
  }

  /** The owner was asked to stop; it owns the address until it has said that it did. */
  record EipReleaseRequested(Epoch epoch, Instant at) implements EipEvent {}

  /**
   * The owner is to stop, and whoever owns the address after it is settled by this: nobody can take
   * it back. The owner may be asked to stop from now on, and owns the address until it has said
   * that it did, or its end is proved.
   *
   * @param epoch of the owner; the next one is the successor's
   * @param successor the session that owns the address once the owner has stopped
   * @param onLoss what the successor does with it when it loses the witnesses
   */
  record EipMoveDecided(
      Epoch epoch, NodeSession successor, GatewayName gateway, WitnessLoss onLoss, Instant at)
      implements EipEvent {

    /** The successor's ownership ends with its lease. */
    public EipMoveDecided(Epoch epoch, NodeSession successor, GatewayName gateway, Instant at) {
      this(epoch, successor, gateway, WitnessLoss.CLOSE, at);
    }
  }

  /**
   * The owner has stopped. The session that was named when the move was decided owns the address;
   * it may have been told so before this was written.
   *
   * @param epoch of the new owner
   * @param proof why the former owner does not hold the address any more
   */
  record EipMoved(Epoch epoch, OwnershipProof proof, Instant at) implements EipEvent {}

  /** The owner has stopped. Nobody owns the address. */
  record EipReleased(Epoch epoch, OwnershipProof proof, Instant at) implements EipEvent {}
}
