package io.egressgateway.node.netlink.wire.nft;

import java.util.Comparator;

/** Which set or map: its table and its name in there. */
public record SetId(TableId table, String name) implements Comparable<SetId> {
  private static final Comparator<SetId> ORDER =
      Comparator.comparing(SetId::table).thenComparing(SetId::name);

  /**
   * @throws IllegalArgumentException if the kernel takes no such name
   */
  public SetId {
    NftName.check(name);
  }

  @Override
  public int compareTo(SetId other) {
    return ORDER.compare(this, other);
  }

  /** As nft writes it. */
  @Override
  public String toString() {
    return table + " " + name;
  }
}
