package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.IpFamily;

/**
 * One entry of {@code ip rule}.
 *
 * @param priority lower comes first; 0 to 2^32 - 1
 * @param table where to look; {@link RoutingTable#NONE} for actions that do not look
 */
public record RoutingRule(
    IpFamily family,
    long priority,
    RuleSelector selector,
    RuleAction action,
    RoutingTable table,
    RouteProtocol protocol) {

  /**
   * @throws IllegalArgumentException if the priority is no u32
   */
  public RoutingRule {
    if (priority < 0 || priority > 0xffffffffL) {
      throw new IllegalArgumentException("rule priority " + priority + " is not in 0..4294967295");
    }
  }

  /** A rule that looks a packet up in a table: {@code ip rule add … lookup TABLE}. */
  public static RoutingRule lookup(
      IpFamily family, long priority, RuleSelector selector, RoutingTable table) {
    return new RoutingRule(
        family, priority, selector, RuleAction.TO_TABLE, table, RouteProtocol.UNSPECIFIED);
  }

  /** A rule that ends a packet without a word: {@code ip rule add … blackhole}. */
  public static RoutingRule stop(IpFamily family, long priority, RuleSelector selector) {
    return new RoutingRule(
        family,
        priority,
        selector,
        RuleAction.BLACKHOLE,
        RoutingTable.NONE,
        RouteProtocol.UNSPECIFIED);
  }

  /** Marked as installed by {@code newProtocol}. */
  public RoutingRule by(RouteProtocol newProtocol) {
    return new RoutingRule(family, priority, selector, action, table, newProtocol);
  }
}
