package io.egressgateway.node.netlink.wire.nft;

import java.util.Comparator;

/** Which chain: its table and its name in there. */
public record ChainId(TableId table, String name) implements Comparable<ChainId> {
  private static final Comparator<ChainId> ORDER =
      Comparator.comparing(ChainId::table).thenComparing(ChainId::name);

  /**
   * @throws IllegalArgumentException if the kernel takes no such name
   */
  public ChainId {
    NftName.check(name);
  }

  @Override
  public int compareTo(ChainId other) {
    return ORDER.compare(this, other);
  }

  /** As nft writes it. */
  @Override
  public String toString() {
    return table + " " + name;
  }
}
