package io.egressgateway.node.kernel;

/** What of ours somebody else had changed, when it was put right. */
public enum DriftKind {
  TUNNEL_DEVICE,
  TUNNEL_ADDRESS,
  NEIGHBOUR,
  FORWARDING_ENTRY,
  ROUTE,
  ROUTING_RULE,
  FORWARD_ACCEPTANCE,
  EGRESS_IP,
  SETTING,
  RULESET,
  SET_ELEMENT;

  /** The kind of a change that puts something right. */
  public static DriftKind of(KernelChange change) {
    return switch (change) {
      case KernelChange.Put(var object) -> of(object);
      case KernelChange.Remove(var object) -> of(object);
      case KernelChange.Set ignored -> SETTING;
      case KernelChange.ReplaceTable ignored -> RULESET;
      case KernelChange.RemoveTable ignored -> RULESET;
      case KernelChange.UpdateElements ignored -> SET_ELEMENT;
    };
  }

  private static DriftKind of(KernelObject object) {
    return switch (object) {
      case KernelObject.Tunnel ignored -> TUNNEL_DEVICE;
      case KernelObject.TunnelAddress ignored -> TUNNEL_ADDRESS;
      case KernelObject.HeldAddress ignored -> EGRESS_IP;
      case KernelObject.Neighbour ignored -> NEIGHBOUR;
      case KernelObject.Forwarding ignored -> FORWARDING_ENTRY;
      case KernelObject.Route ignored -> ROUTE;
      case KernelObject.RoutingRule ignored -> ROUTING_RULE;
      case KernelObject.TunnelBackstop ignored -> ROUTING_RULE;
      case KernelObject.ForwardAcceptance ignored -> FORWARD_ACCEPTANCE;
    };
  }
}
