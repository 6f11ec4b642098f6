package io.egressgateway.node.netlink.wire.route;

/** FR_ACT_… of linux/fib_rules.h: what a routing rule does with a packet it matches. */
public enum RuleAction {
  UNSPECIFIED(RuleConstants.FR_ACT_UNSPEC),
  /** Look the destination up in the rule's table. */
  TO_TABLE(RuleConstants.FR_ACT_TO_TBL),
  /** Jump to another rule. */
  GOTO(RuleConstants.FR_ACT_GOTO),
  NOP(RuleConstants.FR_ACT_NOP),
  BLACKHOLE(RuleConstants.FR_ACT_BLACKHOLE),
  UNREACHABLE(RuleConstants.FR_ACT_UNREACHABLE),
  PROHIBIT(RuleConstants.FR_ACT_PROHIBIT);

  private final int number;

  RuleAction(int number) {
    this.number = number;
  }

  /** The value in the header. */
  public int number() {
    return number;
  }
}
