package io.egressgateway.node.netlink.wire.nft;

import java.util.Optional;

/**
 * What makes a chain see packets by itself.
 *
 * @param priority lower comes first: raw -300, mangle -150, dstnat -100, filter 0, srcnat 100
 * @param device whose packets it sees; present in family netdev alone
 */
public record BaseChain(
    ChainType type, Hook hook, int priority, ChainPolicy policy, Optional<String> device) {
  /** A filter chain that lets pass what no rule decided. */
  public static BaseChain filter(Hook hook, int priority) {
    return new BaseChain(ChainType.FILTER, hook, priority, ChainPolicy.ACCEPT, Optional.empty());
  }

  /** A translation chain that leaves alone what no rule decided. */
  public static BaseChain nat(Hook hook, int priority) {
    return new BaseChain(ChainType.NAT, hook, priority, ChainPolicy.ACCEPT, Optional.empty());
  }

  /** A filter chain for what leaves by a device, whoever sends it. */
  public static BaseChain egress(String device, int priority) {
    return new BaseChain(
        ChainType.FILTER, Hook.EGRESS, priority, ChainPolicy.ACCEPT, Optional.of(device));
  }
}
