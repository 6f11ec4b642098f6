package io.egressgateway.node.kernel;

import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance;
import io.egressgateway.node.kernel.KernelObject.Forwarding;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.kernel.KernelObject.Neighbour;
import io.egressgateway.node.kernel.KernelObject.Route;
import io.egressgateway.node.kernel.KernelObject.RoutingRule;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import io.egressgateway.node.kernel.KernelObject.TunnelAddress;
import io.egressgateway.node.kernel.KernelObject.TunnelBackstop;

/** Objects with everything that is compared of them, for people. */
final class ObjectText {
  private ObjectText() {}

  static String of(KernelObject object) {
    String identity = object.key().identity();
    return switch (object) {
      case Tunnel tunnel ->
          identity
              + ", "
              + of(tunnel.outer())
              + ", "
              + of(tunnel.operation())
              + ", "
              + tunnel.mac();
      case Neighbour near -> identity + " is " + near.mac();
      case Forwarding entry -> identity + " to " + entry.underlay();
      case Route route ->
          identity
              + route.gateway().map(gateway -> " via " + gateway).orElse("")
              + " on "
              + route.device();
      case ForwardAcceptance rule ->
          identity
              + ", %s, of connections marked %s/%s"
                  .formatted(rule.place(), Marks.hex(rule.mark()), Marks.hex(rule.mask()));
      case RoutingRule ignored -> identity;
      case TunnelBackstop ignored -> identity;
      case TunnelAddress ignored -> identity;
      case HeldAddress ignored -> identity;
    };
  }

  private static String of(Tunnel.Outer outer) {
    return "VNI %d, port %d, %s, from %s on %s"
        .formatted(
            outer.header().vni(),
            outer.header().port(),
            outer.header().extension(),
            outer.local().map(Object::toString).orElse("any address"),
            outer.uplink());
  }

  private static String of(Tunnel.Operation operation) {
    return "MTU " + operation.mtu() + ", " + operation.state();
  }
}
