package io.egressgateway.node.netlink.wire.nft;

import java.util.Optional;

/**
 * A chain.
 *
 * @param base empty for chains that are only jumped to
 */
public record NftChain(ChainId id, Optional<BaseChain> base) {
  /** A chain to jump to. */
  public static NftChain regular(ChainId id) {
    return new NftChain(id, Optional.empty());
  }

  /** A chain at a hook. */
  public static NftChain base(ChainId id, BaseChain base) {
    return new NftChain(id, Optional.of(base));
  }
}
