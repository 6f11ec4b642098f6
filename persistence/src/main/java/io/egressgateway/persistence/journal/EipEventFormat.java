package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.EipEvent.EipMoved;
import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.event.EipEvent.EipReleaseRequested;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.WitnessLoss;

/** Bytes of {@link EipEvent}. */
final class EipEventFormat implements EventFormat<EipEvent> {
  private static final String NUMBERED_V1 = "eip.numbered.v1";
  private static final String ASSIGNED_V1 = "eip.assigned.v1";

  /** With what becomes of it when its holder loses the witnesses; V1 means that it is closed. */
  private static final String ASSIGNED_V2 = "eip.assigned.v2";

  private static final String RELEASE_REQUESTED_V1 = "eip.release-requested.v1";
  private static final String MOVE_DECIDED_V1 = "eip.move-decided.v1";
  private static final String MOVE_DECIDED_V2 = "eip.move-decided.v2";

  private static final String MOVED_V1 = "eip.moved.v1";
  private static final String RELEASED_V1 = "eip.released.v1";

  @Override
  public String manifest(EipEvent event) {
    return switch (event) {
      case EipNumbered ignored -> NUMBERED_V1;
      case EipAssigned assigned ->
          switch (assigned.onLoss()) {
            case CLOSE -> ASSIGNED_V1;
            case HOLD -> ASSIGNED_V2;
          };
      case EipReleaseRequested ignored -> RELEASE_REQUESTED_V1;
      case EipMoveDecided decided ->
          switch (decided.onLoss()) {
            case CLOSE -> MOVE_DECIDED_V1;
            case HOLD -> MOVE_DECIDED_V2;
          };
      case EipMoved ignored -> MOVED_V1;
      case EipReleased ignored -> RELEASED_V1;
    };
  }

  @Override
  public void write(EipEvent event, EventWriter out) {
    switch (event) {
      case EipNumbered numbered -> out.number("number", numbered.number().value());
      case EipAssigned assigned -> {
        out.number("epoch", assigned.epoch().value())
            .object("session", OwnershipFormat.session(assigned.session()))
            .text("gateway", assigned.gateway())
            .object("proof", OwnershipFormat.proof(assigned.proof()));
        OwnershipFormat.onLoss(assigned.onLoss(), out);
      }
      case EipReleaseRequested requested -> out.number("epoch", requested.epoch().value());
      case EipMoveDecided decided -> {
        out.number("epoch", decided.epoch().value())
            .object("successor", OwnershipFormat.session(decided.successor()))
            .text("gateway", decided.gateway());
        OwnershipFormat.onLoss(decided.onLoss(), out);
      }
      case EipMoved moved ->
          out.number("epoch", moved.epoch().value())
              .object("proof", OwnershipFormat.proof(moved.proof()));
      case EipReleased released ->
          out.number("epoch", released.epoch().value())
              .object("proof", OwnershipFormat.proof(released.proof()));
    }
    out.at(event.at());
  }

  @Override
  public EipEvent read(EventReader in) {
    return switch (in.manifest()) {
      case NUMBERED_V1 -> new EipNumbered(in.number("number", EipNumber::new), in.at());
      case ASSIGNED_V1 ->
          new EipAssigned(
              in.counter("epoch", Epoch::new),
              OwnershipFormat.session(in.object("session")),
              in.text("gateway", GatewayName::new),
              OwnershipFormat.proof(in.object("proof")),
              in.at());
      case ASSIGNED_V2 ->
          new EipAssigned(
              in.counter("epoch", Epoch::new),
              OwnershipFormat.session(in.object("session")),
              in.text("gateway", GatewayName::new),
              OwnershipFormat.proof(in.object("proof")),
              OwnershipFormat.onLoss(in),
              in.at());
      case RELEASE_REQUESTED_V1 ->
          new EipReleaseRequested(in.counter("epoch", Epoch::new), in.at());
      case MOVE_DECIDED_V1 ->
          new EipMoveDecided(
              in.counter("epoch", Epoch::new),
              OwnershipFormat.session(in.object("successor")),
              in.text("gateway", GatewayName::new),
              WitnessLoss.CLOSE,
              in.at());
      case MOVE_DECIDED_V2 ->
          new EipMoveDecided(
              in.counter("epoch", Epoch::new),
              OwnershipFormat.session(in.object("successor")),
              in.text("gateway", GatewayName::new),
              OwnershipFormat.onLoss(in),
              in.at());
      case MOVED_V1 ->
          new EipMoved(
              in.counter("epoch", Epoch::new), OwnershipFormat.proof(in.object("proof")), in.at());
      case RELEASED_V1 ->
          new EipReleased(
              in.counter("epoch", Epoch::new), OwnershipFormat.proof(in.object("proof")), in.at());
      default -> throw in.unknownManifest();
    };
  }
}
