package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.OwnershipProof.Certificate;
import io.egressgateway.core.event.OwnershipProof.FenceAsserted;
import io.egressgateway.core.event.OwnershipProof.LaterIncarnation;
import io.egressgateway.core.event.OwnershipProof.NeverGranted;
import io.egressgateway.core.event.OwnershipProof.NeverHeld;
import io.egressgateway.core.event.OwnershipProof.ReleaseAcknowledged;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;

/** Bytes of a session, of a proof and of what outlives a lease, wherever an event holds one. */
final class OwnershipFormat {
  private static final String NEVER_HELD = "never-held";
  private static final String RELEASE_ACKNOWLEDGED = "release-acknowledged";
  private static final String NEVER_GRANTED = "never-granted";
  private static final String CERTIFICATE = "certificate";
  private static final String LATER_INCARNATION = "later-incarnation";
  private static final String FENCE_ASSERTED = "fence-asserted";
  private static final String HOLD = "hold";

  private OwnershipFormat() {}

  static EventWriter session(NodeSession session) {
    return new EventWriter()
        .text("node", session.node())
        .text("boot", session.bootId())
        .number("incarnation", session.incarnation());
  }

  static NodeSession session(EventReader in) {
    NodeName node = in.text("node", NodeName::new);
    String boot = in.text("boot");
    return in.end(
        in.counter("incarnation", incarnation -> new NodeSession(node, boot, incarnation)));
  }

  static EventWriter proof(OwnershipProof proof) {
    return switch (proof) {
      case NeverHeld ignored -> kind(NEVER_HELD);
      case ReleaseAcknowledged released ->
          kind(RELEASE_ACKNOWLEDGED).object("session", session(released.of()));
      case NeverGranted never -> kind(NEVER_GRANTED).object("session", session(never.of()));
      case Certificate certificate ->
          kind(CERTIFICATE)
              .object("session", session(certificate.of()))
              .number("round", certificate.round())
              .numbers("witnesses", certificate.witnesses());
      case LaterIncarnation later ->
          kind(LATER_INCARNATION)
              .object("session", session(later.of()))
              .object("later", session(later.later()));
      case FenceAsserted fence ->
          kind(FENCE_ASSERTED)
              .object("session", session(fence.of()))
              .text("by", fence.by())
              .text("reason", fence.reason());
    };
  }

  /**
   * Nothing for {@link WitnessLoss#CLOSE}: such events are as they were before there was another.
   */
  static void onLoss(WitnessLoss onLoss, EventWriter out) {
    switch (onLoss) {
      case CLOSE -> {}
      case HOLD -> out.text("onWitnessLoss", HOLD);
    }
  }

  static WitnessLoss onLoss(EventReader in) {
    String text = in.text("onWitnessLoss");
    if (!text.equals(HOLD)) {
      throw in.corrupt("onWitnessLoss", "not known: '" + text + "'");
    }
    return WitnessLoss.HOLD;
  }

  private static EventWriter kind(String kind) {
    return new EventWriter().text("kind", kind);
  }

  static OwnershipProof proof(EventReader in) {
    String kind = in.text("kind");
    return in.end(
        switch (kind) {
          case NEVER_HELD -> new NeverHeld();
          case RELEASE_ACKNOWLEDGED -> new ReleaseAcknowledged(session(in.object("session")));
          case NEVER_GRANTED -> new NeverGranted(session(in.object("session")));
          case CERTIFICATE ->
              new Certificate(
                  session(in.object("session")),
                  in.counter("round", round -> round),
                  in.numbers("witnesses"));
          case LATER_INCARNATION -> later(in);
          case FENCE_ASSERTED ->
              new FenceAsserted(session(in.object("session")), in.text("by"), in.text("reason"));
          default -> throw in.corrupt("kind", "no such proof: '" + kind + "'");
        });
  }

  private static OwnershipProof later(EventReader in) {
    NodeSession of = session(in.object("session"));
    NodeSession later = session(in.object("later"));
    if (!later.isLaterThan(of)) {
      throw in.corrupt("later", later + " is not later than " + of);
    }
    return new LaterIncarnation(of, later);
  }
}
