package io.egressgateway.core.model;

import java.util.Comparator;

/**
 * One life of a gateway node's lease. A node has at most one live session; when its lease lapses,
 * or its agent starts anew, the session is over for good and the next has a greater incarnation.
 *
 * <p>Sessions of one boot are ordered by their incarnation. Those of different boots are not
 * ordered in time, though {@link #compareTo} sorts them.
 *
 * @param bootId {@code /proc/sys/kernel/random/boot_id}: 1 to 64 printable ASCII characters
 * @param incarnation 0 or above: agent starts within the boot in the upper 32 bits, lapses since
 *     the start in the lower
 */
public record NodeSession(NodeName node, String bootId, long incarnation)
    implements Comparable<NodeSession> {

  /** Of a boot id, in characters. */
  public static final int BOOT_ID_LENGTH_MAX = 64;

  private static final Comparator<NodeSession> ORDER =
      Comparator.comparing(NodeSession::node)
          .thenComparing(NodeSession::bootId)
          .thenComparingLong(NodeSession::incarnation);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the part that is out of range
   */
  public NodeSession {
    if (bootId.isEmpty()
        || bootId.length() > BOOT_ID_LENGTH_MAX
        || !bootId.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw new IllegalArgumentException(
          "boot id '" + bootId + "' is not 1 to " + BOOT_ID_LENGTH_MAX + " printable characters");
    }
    Limits.requireWithin("incarnation", incarnation, new Limits.Bounds(0, Long.MAX_VALUE));
  }

  /** Whether both are of one boot of one node, and so ordered in time. */
  public boolean isSameBootAs(NodeSession other) {
    return node.equals(other.node) && bootId.equals(other.bootId);
  }

  /** Whether this is of the same boot and came after: the other one is over. */
  public boolean isLaterThan(NodeSession other) {
    return isSameBootAs(other) && incarnation > other.incarnation;
  }

  /** Whether what ends this session ends the other one: it is the same, or came before. */
  public boolean covers(NodeSession other) {
    return equals(other) || isLaterThan(other);
  }

  /**
   * The session of the same boot that follows this one.
   *
   * @throws ArithmeticException after {@link Long#MAX_VALUE}
   */
  public NodeSession next() {
    return new NodeSession(node, bootId, Math.addExact(incarnation, 1));
  }

  @Override
  public int compareTo(NodeSession other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return node + "/" + bootId + "/" + incarnation;
  }
}
