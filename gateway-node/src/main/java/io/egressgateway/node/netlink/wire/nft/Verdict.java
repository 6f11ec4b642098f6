package io.egressgateway.node.netlink.wire.nft;

/** Where a packet goes from a rule. */
public sealed interface Verdict {
  /** Out of this hook, past this table. */
  record Accept() implements Verdict {}

  /** Nowhere. */
  record Drop() implements Verdict {}

  /** Back behind the jump, or to the base chain's policy. */
  record Return() implements Verdict {}

  /** To the next rule. */
  record Continue() implements Verdict {}

  /** Into a chain of the same table, and back at its end. */
  record Jump(String chain) implements Verdict {}

  /** Into a chain of the same table for good. */
  record Goto(String chain) implements Verdict {}

  /** Some other verdict, of a foreign rule. */
  record Other(int code) implements Verdict {}

  /** {@code accept}. */
  static Verdict accept() {
    return new Accept();
  }

  /** {@code drop}. */
  static Verdict drop() {
    return new Drop();
  }

  /** {@code return}. */
  static Verdict toCaller() {
    return new Return();
  }

  /** {@code jump CHAIN}. */
  static Verdict jump(ChainId chain) {
    return new Jump(chain.name());
  }

  /** {@code goto CHAIN}. */
  static Verdict goTo(ChainId chain) {
    return new Goto(chain.name());
  }
}
