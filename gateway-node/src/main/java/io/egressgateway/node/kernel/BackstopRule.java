package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.route.FirewallMark;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RuleSelector;

/** A {@link KernelObject.TunnelBackstop} as the kernel has it. */
public final class BackstopRule {
  private BackstopRule() {}

  /** The rule of a family for a tunnel device. */
  public static RoutingRule of(IpFamily family, LinkName device) {
    RuleSelector unmarked = RuleSelector.mark(new FirewallMark(0, KernelNumbers.MARKED));
    return RoutingRule.stop(family, KernelNumbers.BACKSTOP_PRIORITY, unmarked.arrivingBy(device))
        .by(new RouteProtocol(Marks.PROTOCOL));
  }
}
