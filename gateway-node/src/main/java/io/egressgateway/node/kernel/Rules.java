package io.egressgateway.node.kernel;

import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import java.util.ArrayList;
import java.util.List;

/** Chains and rules while they are being written down. */
final class Rules {
  private final List<NftChain> chains = new ArrayList<>();
  private final List<NftRule> rules = new ArrayList<>();

  /** A chain that is only jumped to. */
  Writer chain(ChainId id) {
    chains.add(NftChain.regular(id));
    return new Writer(id, rules);
  }

  /** A chain at a hook. */
  Writer chain(ChainId id, BaseChain base) {
    chains.add(NftChain.base(id, base));
    return new Writer(id, rules);
  }

  List<NftChain> chains() {
    return List.copyOf(chains);
  }

  List<NftRule> rules() {
    return List.copyOf(rules);
  }

  /** Adds rules to one chain. */
  record Writer(ChainId chain, List<NftRule> rules) {
    @SafeVarargs
    final Writer rule(String comment, List<NftExpression>... phrases) {
      rules.add(NftRule.of(chain, sequence(phrases)).withComment(comment));
      return this;
    }
  }

  @SafeVarargs
  static List<NftExpression> sequence(List<NftExpression>... phrases) {
    List<NftExpression> all = new ArrayList<>();
    for (List<NftExpression> phrase : phrases) {
      all.addAll(phrase);
    }
    return List.copyOf(all);
  }
}
