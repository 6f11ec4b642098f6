package io.egressgateway.node.netlink.wire.nft;

import java.util.Comparator;

/** Which table: its family and its name. */
public record TableId(NftFamily family, String name) implements Comparable<TableId> {
  private static final Comparator<TableId> ORDER =
      Comparator.comparing(TableId::family).thenComparing(TableId::name);

  /**
   * @throws IllegalArgumentException if the kernel takes no such name
   */
  public TableId {
    NftName.check(name);
  }

  /** A chain of this table. */
  public ChainId chain(String chainName) {
    return new ChainId(this, chainName);
  }

  /** A set or map of this table. */
  public SetId set(String setName) {
    return new SetId(this, setName);
  }

  @Override
  public int compareTo(TableId other) {
    return ORDER.compare(this, other);
  }

  /** As nft writes it. */
  @Override
  public String toString() {
    return family + " " + name;
  }
}
