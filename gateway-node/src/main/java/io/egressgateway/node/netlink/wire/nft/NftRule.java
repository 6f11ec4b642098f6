package io.egressgateway.node.netlink.wire.nft;

import java.util.List;
import java.util.Optional;

/**
 * A rule.
 *
 * @param expressions run in order until one breaks off; immutable
 * @param comment shown by {@code nft list}, at most 128 bytes
 */
public record NftRule(ChainId chain, List<NftExpression> expressions, Optional<String> comment) {
  /** Makes the list immutable. */
  public NftRule {
    expressions = List.copyOf(expressions);
  }

  /** A rule without a comment. */
  public static NftRule of(ChainId chain, List<NftExpression> expressions) {
    return new NftRule(chain, expressions, Optional.empty());
  }

  /** A rule without a comment. */
  public static NftRule of(ChainId chain, NftExpression... expressions) {
    return of(chain, List.of(expressions));
  }

  /** With a comment. */
  public NftRule withComment(String text) {
    return new NftRule(chain, expressions, Optional.of(text));
  }
}
