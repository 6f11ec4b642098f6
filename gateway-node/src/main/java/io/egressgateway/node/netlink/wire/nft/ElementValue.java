package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.Bytes;

/** What an element holds beside its key. */
public sealed interface ElementValue {
  /** Nothing: the element of a set. */
  record None() implements ElementValue {}

  /** The value of a map's element. */
  record Value(Bytes bytes) implements ElementValue {}

  /** The verdict of a verdict map's element. */
  record Decision(Verdict verdict) implements ElementValue {}
}
