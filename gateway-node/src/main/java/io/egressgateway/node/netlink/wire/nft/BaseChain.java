package io.egressgateway.node.netlink.wire.nft;

/**
 * What makes a chain see packets by itself.
 *
 * @param priority lower comes first: raw -300, mangle -150, dstnat -100, filter 0, srcnat 100
 */
public record BaseChain(ChainType type, Hook hook, int priority, ChainPolicy policy) {
  /** A filter chain that lets pass what no rule decided. */
  public static BaseChain filter(Hook hook, int priority) {
    return new BaseChain(ChainType.FILTER, hook, priority, ChainPolicy.ACCEPT);
  }

  /** A translation chain that leaves alone what no rule decided. */
  public static BaseChain nat(Hook hook, int priority) {
    return new BaseChain(ChainType.NAT, hook, priority, ChainPolicy.ACCEPT);
  }
}
