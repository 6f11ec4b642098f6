package io.egressgateway.node.netlink.wire.nft;

import java.util.List;

/** What a set's elements hold beside their key. */
public sealed interface SetKind {
  /** Nothing: a set. */
  record Members() implements SetKind {}

  /**
   * A value: a map.
   *
   * @param types of the value's parts; immutable
   */
  record MapTo(List<NftDataType> types) implements SetKind {
    /** Makes the list immutable. */
    public MapTo {
      types = List.copyOf(types);
    }
  }

  /** A verdict: a verdict map. */
  record VerdictMap() implements SetKind {}

  /** Something nothing here makes: a map to types unknown here, or to stateful objects. */
  record Foreign() implements SetKind {}
}
