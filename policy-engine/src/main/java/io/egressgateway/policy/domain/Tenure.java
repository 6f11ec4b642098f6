package io.egressgateway.policy.domain;

import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.NodeSession;
import java.util.Optional;

/**
 * What the ledger of an egress IP has told its gateway.
 *
 * @param session that owns the address; empty if none does
 * @param epoch of that session's assignment, or of the last one
 */
public record Tenure(Holding holding, Optional<NodeSession> session, Epoch epoch) {}
