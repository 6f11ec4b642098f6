package io.egressgateway.policy.history;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.OwnershipProof.Certificate;
import io.egressgateway.core.event.OwnershipProof.FenceAsserted;
import io.egressgateway.core.event.OwnershipProof.LaterIncarnation;
import io.egressgateway.core.event.OwnershipProof.NeverGranted;
import io.egressgateway.core.event.OwnershipProof.NeverHeld;
import io.egressgateway.core.event.OwnershipProof.ReleaseAcknowledged;
import java.util.stream.Collectors;

/** Proofs in words. */
public final class ProofText {
  private ProofText() {}

  /** What is certain, by whose word. */
  public static String of(OwnershipProof proof) {
    return switch (proof) {
      case NeverHeld ignored -> "nobody ever held it";
      case ReleaseAcknowledged(var of) -> of.node() + " has closed its gate and said so";
      case NeverGranted(var of) -> of.node() + " was never told that it might hold it";
      case Certificate certificate ->
          "witnesses "
              + certificate.witnesses().stream()
                  .map(place -> String.valueOf(place + 1))
                  .collect(Collectors.joining(", "))
              + " certified that the lease of "
              + certificate.of().node()
              + " was over";
      case LaterIncarnation(var of, var ignored) ->
          of.node() + " closed every gate and began a new session";
      case FenceAsserted(var of, String by, String reason) ->
          by + " vouched that " + of.node() + " is off: " + reason;
    };
  }
}
