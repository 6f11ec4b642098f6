package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.GatewayEvent.EgressIpAllocated;
import io.egressgateway.core.event.GatewayEvent.EgressIpFreed;
import io.egressgateway.core.event.GatewayEvent.EgressIpPlaced;
import io.egressgateway.core.event.GatewayEvent.EgressIpUnplaced;
import io.egressgateway.core.event.GatewayEvent.GatewayAdopted;
import io.egressgateway.core.event.GatewayEvent.GatewayRetired;
import io.egressgateway.core.event.GatewayEvent.OrderTaken;
import io.egressgateway.core.event.GatewayEvent.PlacementReason;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;

/** Bytes of {@link GatewayEvent}. */
final class GatewayEventFormat implements EventFormat<GatewayEvent> {
  private static final String ADOPTED_V1 = "gateway.adopted.v1";
  private static final String EGRESS_IP_ALLOCATED_V1 = "gateway.egress-ip-allocated.v1";
  private static final String EGRESS_IP_FREED_V1 = "gateway.egress-ip-freed.v1";
  private static final String EGRESS_IP_PLACED_V1 = "gateway.egress-ip-placed.v1";
  private static final String EGRESS_IP_UNPLACED_V1 = "gateway.egress-ip-unplaced.v1";
  private static final String ORDER_TAKEN_V1 = "gateway.order-taken.v1";
  private static final String RETIRED_V1 = "gateway.retired.v1";

  @Override
  public String manifest(GatewayEvent event) {
    return switch (event) {
      case GatewayAdopted ignored -> ADOPTED_V1;
      case EgressIpAllocated ignored -> EGRESS_IP_ALLOCATED_V1;
      case EgressIpFreed ignored -> EGRESS_IP_FREED_V1;
      case EgressIpPlaced ignored -> EGRESS_IP_PLACED_V1;
      case EgressIpUnplaced ignored -> EGRESS_IP_UNPLACED_V1;
      case OrderTaken ignored -> ORDER_TAKEN_V1;
      case GatewayRetired ignored -> RETIRED_V1;
    };
  }

  @Override
  public void write(GatewayEvent event, EventWriter out) {
    switch (event) {
      case GatewayAdopted adopted -> out.text("uid", adopted.uid());
      case EgressIpAllocated allocated ->
          out.text("policy", allocated.policy()).texts("addresses", allocated.addresses());
      case EgressIpFreed freed -> out.text("policy", freed.policy());
      case EgressIpPlaced placed ->
          out.text("address", placed.address())
              .text("node", placed.node())
              .text("reason", text(placed.reason()));
      case EgressIpUnplaced unplaced -> out.text("address", unplaced.address());
      case OrderTaken taken -> out.text("id", taken.id());
      case GatewayRetired ignored -> {}
    }
    out.at(event.at());
  }

  private static String text(PlacementReason reason) {
    return switch (reason) {
      case FIRST -> "first";
      case NODE_LOST -> "node-lost";
      case NODE_UNFIT -> "node-unfit";
      case DRAIN -> "drain";
      case OPERATOR -> "operator";
      case REBALANCE -> "rebalance";
    };
  }

  private static PlacementReason reason(EventReader in) {
    String text = in.text("reason");
    return switch (text) {
      case "first" -> PlacementReason.FIRST;
      case "node-lost" -> PlacementReason.NODE_LOST;
      case "node-unfit" -> PlacementReason.NODE_UNFIT;
      case "drain" -> PlacementReason.DRAIN;
      case "operator" -> PlacementReason.OPERATOR;
      case "rebalance" -> PlacementReason.REBALANCE;
      default -> throw in.corrupt("reason", "no such reason: '" + text + "'");
    };
  }

  @Override
  public GatewayEvent read(EventReader in) {
    return switch (in.manifest()) {
      case ADOPTED_V1 -> new GatewayAdopted(in.text("uid"), in.at());
      case EGRESS_IP_ALLOCATED_V1 ->
          new EgressIpAllocated(
              in.text("policy", PolicyKey::parse), in.texts("addresses", IpAddress::of), in.at());
      case EGRESS_IP_FREED_V1 -> new EgressIpFreed(in.text("policy", PolicyKey::parse), in.at());
      case EGRESS_IP_PLACED_V1 ->
          new EgressIpPlaced(
              in.text("address", IpAddress::of),
              in.text("node", NodeName::new),
              reason(in),
              in.at());
      case EGRESS_IP_UNPLACED_V1 ->
          new EgressIpUnplaced(in.text("address", IpAddress::of), in.at());
      case ORDER_TAKEN_V1 -> new OrderTaken(in.text("id"), in.at());
      case RETIRED_V1 -> new GatewayRetired(in.at());
      default -> throw in.unknownManifest();
    };
  }
}
