package io.egressgateway.node.netlink.wire.route;

/**
 * A match on skb->mark: {@code (mark & mask) == value}.
 *
 * @param value all 32 bits count
 * @param mask all 32 bits count
 */
public record FirewallMark(int value, int mask) {
  /** The mark must equal {@code value}. */
  public static FirewallMark exactly(int value) {
    return new FirewallMark(value, 0xffffffff);
  }

  @Override
  public String toString() {
    return "0x%x/0x%x".formatted(value, mask);
  }
}
