package io.egressgateway.persistence.journal;

import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.event.PolicyEvent.EgressIpBound;
import io.egressgateway.core.event.PolicyEvent.EgressIpUnbound;
import io.egressgateway.core.event.PolicyEvent.PolicyAccepted;
import io.egressgateway.core.event.PolicyEvent.PolicyWithdrawn;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;

/** Bytes of {@link PolicyEvent}. */
final class PolicyEventFormat implements EventFormat<PolicyEvent> {
  private static final String ACCEPTED_V1 = "policy.accepted.v1";
  private static final String EGRESS_IP_BOUND_V1 = "policy.egress-ip-bound.v1";
  private static final String EGRESS_IP_UNBOUND_V1 = "policy.egress-ip-unbound.v1";
  private static final String WITHDRAWN_V1 = "policy.withdrawn.v1";

  @Override
  public String manifest(PolicyEvent event) {
    return switch (event) {
      case PolicyAccepted ignored -> ACCEPTED_V1;
      case EgressIpBound ignored -> EGRESS_IP_BOUND_V1;
      case EgressIpUnbound ignored -> EGRESS_IP_UNBOUND_V1;
      case PolicyWithdrawn ignored -> WITHDRAWN_V1;
    };
  }

  @Override
  public void write(PolicyEvent event, EventWriter out) {
    switch (event) {
      case PolicyAccepted accepted ->
          out.text("uid", accepted.uid())
              .number("generation", accepted.generation().value())
              .text("gateway", accepted.gateway())
              .object("request", request(accepted.request()));
      case EgressIpBound bound -> out.texts("addresses", bound.addresses());
      case EgressIpUnbound ignored -> {}
      case PolicyWithdrawn ignored -> {}
    }
    out.at(event.at());
  }

  private static EventWriter request(EgressIpRequest request) {
    EventWriter out = new EventWriter();
    return switch (request) {
      case EgressIpRequest.Default() -> out.text("kind", "default");
      case EgressIpRequest.Explicit(var ipv4, var ipv6) ->
          out.text("kind", "explicit").optionalText("ipv4", ipv4).optionalText("ipv6", ipv6);
      case EgressIpRequest.RoundRobin() -> out.text("kind", "round-robin");
      case EgressIpRequest.NodeAddress() -> out.text("kind", "node-address");
    };
  }

  @Override
  public PolicyEvent read(EventReader in) {
    return switch (in.manifest()) {
      case ACCEPTED_V1 ->
          new PolicyAccepted(
              in.text("uid"),
              in.counter("generation", Generation::new),
              in.text("gateway", GatewayName::new),
              request(in.object("request")),
              in.at());
      case EGRESS_IP_BOUND_V1 -> new EgressIpBound(in.texts("addresses", IpAddress::of), in.at());
      case EGRESS_IP_UNBOUND_V1 -> new EgressIpUnbound(in.at());
      case WITHDRAWN_V1 -> new PolicyWithdrawn(in.at());
      default -> throw in.unknownManifest();
    };
  }

  private static EgressIpRequest request(EventReader in) {
    String kind = in.text("kind");
    return in.end(
        switch (kind) {
          case "default" -> new EgressIpRequest.Default();
          case "explicit" -> explicit(in);
          case "round-robin" -> new EgressIpRequest.RoundRobin();
          case "node-address" -> new EgressIpRequest.NodeAddress();
          default -> throw in.corrupt("kind", "no such kind: '" + kind + "'");
        });
  }

  private static EgressIpRequest explicit(EventReader in) {
    var ipv4 = in.optionalText("ipv4", Ipv4Address::of);
    var ipv6 = in.optionalText("ipv6", Ipv6Address::of);
    if (ipv4.isEmpty() && ipv6.isEmpty()) {
      throw in.corrupt("ipv4", "missing, and so is ipv6");
    }
    return new EgressIpRequest.Explicit(ipv4, ipv6);
  }
}
