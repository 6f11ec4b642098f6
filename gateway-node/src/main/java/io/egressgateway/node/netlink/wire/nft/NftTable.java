package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A table.
 *
 * @param flags immutable
 * @param comment at most 128 bytes
 */
public record NftTable(TableId id, SortedSet<TableFlag> flags, Optional<String> comment) {
  /** Makes the flags immutable. */
  public NftTable {
    flags = FlagBits.copy(flags);
  }

  /** A plain table. */
  public static NftTable of(TableId id) {
    return new NftTable(id, new TreeSet<>(), Optional.empty());
  }

  /** With one more flag. */
  public NftTable with(TableFlag flag) {
    SortedSet<TableFlag> more = new TreeSet<>(flags);
    more.add(flag);
    return new NftTable(id, more, comment);
  }

  /** With a comment. */
  public NftTable withComment(String text) {
    return new NftTable(id, flags, Optional.of(text));
  }
}
