package io.egressgateway.node.kernel;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chain of our table that drops packets of connections with former marks, until those have
 * their new ones. It says by its name which marks they are.
 *
 * @param numbers of which only the marks count
 */
public record FormerNumbers(KernelNumbers numbers) {
  private static final Pattern NAMED = Pattern.compile("formerly_([0-9a-f]{8})_([0-9a-f]{8})");
  private static final int HEX = 16;

  /** What a chain is closed to; empty of a chain of another kind. */
  public static Optional<FormerNumbers> of(ChainId chain) {
    Matcher name = NAMED.matcher(chain.name());
    if (!name.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new FormerNumbers(
              new KernelNumbers(
                  Integer.parseUnsignedInt(name.group(1), HEX),
                  Integer.parseUnsignedInt(name.group(2), HEX),
                  KernelNumbers.USUAL.tables(),
                  KernelNumbers.USUAL.priority())));
    } catch (IllegalArgumentException byHand) {
      return Optional.empty();
    }
  }

  /** Before all that knows connections by their marks. */
  public NftChain chain() {
    return NftChain.base(
        Ruleset.TABLE.chain("formerly_%08x_%08x".formatted(numbers.mark(), numbers.mask())),
        BaseChain.filter(Hook.PREROUTING, DatapathRules.MANGLE - 1));
  }

  /** What is in the chain. */
  public NftRule rule() {
    return NftRule.of(
            chain().id(),
            Rules.sequence(
                Phrase.marked(Phrase.Mark.CT, numbers.mask(), numbers.mark()), Phrase.drop()))
        .withComment("until it is known by its new mark");
  }
}
