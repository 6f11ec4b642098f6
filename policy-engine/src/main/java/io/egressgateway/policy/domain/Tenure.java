package io.egressgateway.policy.domain;

import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.util.Objects;
import java.util.Optional;

/**
 * What the ledger of an egress IP has told its gateway.
 *
 * @param session that owns the address; empty if none does
 * @param epoch of that session's assignment, or of the last one
 * @param onLoss as it was assigned; {@link WitnessLoss#CLOSE} if nobody owns it
 */
public record Tenure(
    Holding holding, Optional<NodeSession> session, Epoch epoch, WitnessLoss onLoss) {
  public Tenure {
    // A controller of an earlier version does not say.
    onLoss = Objects.requireNonNullElse(onLoss, WitnessLoss.CLOSE);
  }

  /** Of an address that ends with its session's lease. */
  public Tenure(Holding holding, Optional<NodeSession> session, Epoch epoch) {
    this(holding, session, epoch, WitnessLoss.CLOSE);
  }

  /** Whether the address is held, or may be, whatever becomes of the lease. */
  public boolean isHeldOn() {
    return onLoss == WitnessLoss.HOLD && session.isPresent();
  }

  /** Whether a node whose session is this one now has the address already. */
  boolean servesIn(NodeSession present) {
    return session.filter(owner -> onLoss.serves(owner, present)).isPresent();
  }
}
