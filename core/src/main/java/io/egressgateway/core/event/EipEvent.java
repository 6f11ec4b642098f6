package io.egressgateway.core.event;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeSession;
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
   */
  record EipAssigned(
      Epoch epoch, NodeSession session, GatewayName gateway, OwnershipProof proof, Instant at)
      implements EipEvent {}

  /** The owner was asked to stop; it owns the address until it has said that it did. */
  record EipReleaseRequested(Epoch epoch, Instant at) implements EipEvent {}

  /** The owner has stopped. Nobody owns the address. */
  record EipReleased(Epoch epoch, OwnershipProof proof, Instant at) implements EipEvent {}
}
