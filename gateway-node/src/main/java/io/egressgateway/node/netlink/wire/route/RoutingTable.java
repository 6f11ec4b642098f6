package io.egressgateway.node.netlink.wire.route;

/**
 * A routing table's number.
 *
 * @param id 0 to 2^32 - 1
 */
public record RoutingTable(long id) implements Comparable<RoutingTable> {
  /** That of rules which do not look into one. */
  public static final RoutingTable NONE = new RoutingTable(0);

  /** Where routes go that name no table. */
  public static final RoutingTable MAIN = new RoutingTable(254);

  /** The kernel's table of its own addresses. */
  public static final RoutingTable LOCAL = new RoutingTable(255);

  private static final int COMPAT = 252;

  /**
   * @throws IllegalArgumentException if the id is no u32
   */
  public RoutingTable {
    if (id < 0 || id > 0xffffffffL) {
      throw new IllegalArgumentException("routing table " + id + " is not in 0..4294967295");
    }
  }

  /** The table whose number has these 32 bits. */
  public static RoutingTable ofBits(int bits) {
    return new RoutingTable(bits & 0xffffffffL);
  }

  /** What the header's u8 field says of it: RT_TABLE_COMPAT where it does not fit. */
  int headerByte() {
    return id > 255 ? COMPAT : (int) id;
  }

  @Override
  public int compareTo(RoutingTable other) {
    return Long.compare(id, other.id);
  }
}
