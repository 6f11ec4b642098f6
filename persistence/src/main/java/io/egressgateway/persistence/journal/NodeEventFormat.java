package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NodeEvent.EipGranted;
import io.egressgateway.core.event.NodeEvent.EipWithdrawn;
import io.egressgateway.core.event.NodeEvent.NodeRegistered;
import io.egressgateway.core.event.NodeEvent.NodeRemoved;
import io.egressgateway.core.event.NodeEvent.RevisionsReserved;
import io.egressgateway.core.event.NodeEvent.SessionDenied;
import io.egressgateway.core.event.NodeEvent.SessionRevoked;
import io.egressgateway.core.event.NodeEvent.TunnelIdentity;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.Revision;

/** Bytes of {@link NodeEvent}. */
final class NodeEventFormat implements EventFormat<NodeEvent> {
  private static final String REGISTERED_V1 = "node.registered.v1";
  private static final String REVISIONS_RESERVED_V1 = "node.revisions-reserved.v1";
  private static final String EIP_GRANTED_V1 = "node.eip-granted.v1";

  /** With what becomes of it when the node loses the witnesses; V1 means that it is closed. */
  private static final String EIP_GRANTED_V2 = "node.eip-granted.v2";

  private static final String EIP_WITHDRAWN_V1 = "node.eip-withdrawn.v1";
  private static final String SESSION_REVOKED_V1 = "node.session-revoked.v1";
  private static final String SESSION_DENIED_V1 = "node.session-denied.v1";
  private static final String REMOVED_V1 = "node.removed.v1";

  @Override
  public String manifest(NodeEvent event) {
    return switch (event) {
      case NodeRegistered ignored -> REGISTERED_V1;
      case RevisionsReserved ignored -> REVISIONS_RESERVED_V1;
      case EipGranted granted ->
          switch (granted.onLoss()) {
            case CLOSE -> EIP_GRANTED_V1;
            case HOLD -> EIP_GRANTED_V2;
          };
      case EipWithdrawn ignored -> EIP_WITHDRAWN_V1;
      case SessionRevoked ignored -> SESSION_REVOKED_V1;
      case SessionDenied ignored -> SESSION_DENIED_V1;
      case NodeRemoved ignored -> REMOVED_V1;
    };
  }

  @Override
  public void write(NodeEvent event, EventWriter out) {
    switch (event) {
      case NodeRegistered registered ->
          out.text("uid", registered.uid()).object("tunnel", tunnel(registered.tunnel()));
      case RevisionsReserved reserved -> out.number("upTo", reserved.upTo().value());
      case EipGranted granted -> {
        out.text("address", granted.address())
            .number("number", granted.number().value())
            .number("epoch", granted.epoch().value())
            .object("session", OwnershipFormat.session(granted.session()));
        OwnershipFormat.onLoss(granted.onLoss(), out);
      }
      case EipWithdrawn withdrawn ->
          out.text("address", withdrawn.address()).number("epoch", withdrawn.epoch().value());
      case SessionRevoked revoked ->
          out.object("session", OwnershipFormat.session(revoked.session()))
              .object("proof", OwnershipFormat.proof(revoked.proof()));
      case SessionDenied denied -> out.object("session", OwnershipFormat.session(denied.session()));
      case NodeRemoved ignored -> {}
    }
    out.at(event.at());
  }

  private static EventWriter tunnel(TunnelIdentity tunnel) {
    return new EventWriter()
        .number("number", tunnel.number().value())
        .text("mac", tunnel.mac())
        .optionalText("ipv4", tunnel.ipv4())
        .optionalText("ipv6", tunnel.ipv6());
  }

  @Override
  public NodeEvent read(EventReader in) {
    return switch (in.manifest()) {
      case REGISTERED_V1 ->
          new NodeRegistered(in.text("uid"), tunnel(in.object("tunnel")), in.at());
      case REVISIONS_RESERVED_V1 ->
          new RevisionsReserved(in.counter("upTo", Revision::new), in.at());
      case EIP_GRANTED_V1 ->
          new EipGranted(
              in.text("address", IpAddress::of),
              in.number("number", EipNumber::new),
              in.counter("epoch", Epoch::new),
              OwnershipFormat.session(in.object("session")),
              in.at());
      case EIP_GRANTED_V2 ->
          new EipGranted(
              in.text("address", IpAddress::of),
              in.number("number", EipNumber::new),
              in.counter("epoch", Epoch::new),
              OwnershipFormat.session(in.object("session")),
              OwnershipFormat.onLoss(in),
              in.at());
      case EIP_WITHDRAWN_V1 ->
          new EipWithdrawn(
              in.text("address", IpAddress::of), in.counter("epoch", Epoch::new), in.at());
      case SESSION_REVOKED_V1 ->
          new SessionRevoked(
              OwnershipFormat.session(in.object("session")),
              OwnershipFormat.proof(in.object("proof")),
              in.at());
      case SESSION_DENIED_V1 ->
          new SessionDenied(OwnershipFormat.session(in.object("session")), in.at());
      case REMOVED_V1 -> new NodeRemoved(in.at());
      default -> throw in.unknownManifest();
    };
  }

  private static TunnelIdentity tunnel(EventReader in) {
    return in.end(
        new TunnelIdentity(
            in.number("number", NodeNumber::new),
            in.text("mac", MacAddress::of),
            in.optionalText("ipv4", Ipv4Address::of),
            in.optionalText("ipv6", Ipv6Address::of)));
  }
}
