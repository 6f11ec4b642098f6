package io.egressgateway.core.plan;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.NodeNumber;

/**
 * The numbers by which packets, connections, routing tables and routing rules of the datapath are
 * told from others' in a kernel. All nodes have the same.
 *
 * <pre>
 *  mask (1 to 14 bits)  kind  role             number
 * +--------------------+-----+----------------+-------------------------------+
 * | bits of mark       | 0 1 | 00 01 10       | egress IP's or node's, 16 bit |
 * +--------------------+-----+----------------+-------------------------------+
 * </pre>
 *
 * <p>The kind tells the connections that reached a gateway node through the tunnel from those of
 * local pods; the role, whether the number is an egress IP's (00), the gateway node's that a packet
 * is on its way to (01) or the node's that it came from (10). With 14 bits of mask the kind is the
 * upper bit of the role.
 *
 * @param mark what all our marks have in common
 * @param mask the bits that tell our marks from others': the 1 to 14 uppermost
 * @param tables routing table before the first of the 131,071 that can be used, at least 256; 0:
 *     each table has the number of the marks that it is for
 * @param priority of the routing rules for replies; those towards gateway nodes have the next
 */
public record KernelNumbers(int mark, int mask, long tables, int priority) {
  /** What is used unless something else is said. */
  public static final KernelNumbers USUAL = new KernelNumbers(0x26000000, 0xfe000000, 0, 98);

  /** The bits that carry an egress IP's or a node's number. */
  public static final int NUMBER_MASK = 0x0000ffff;

  /** The bits that tell what a mark's number is. */
  public static final int ROLE_MASK = ~NUMBER_MASK;

  private static final int TO_GATEWAY = 0x00010000;
  private static final int TO_NODE = 0x00020000;
  private static final int MASK_BITS_MAX = 14;
  private static final long TABLES_MIN = 256;
  private static final long TABLES_MAX = 0xffffffffL - 2 * 0xffff - 1;

  /** The bits of which every mark of ours has some, whatever the numbers are. */
  public static final int MARKED = -1 << (Integer.SIZE - MASK_BITS_MAX);

  /** The kernel looks into its main table from 32766 on. */
  private static final int PRIORITY_MAX = 32_764;

  /**
   * Priority of the routing rule that stops what came out of the tunnel and has no mark: behind
   * those that lead to what is local, wherever others have moved them, and before the main table.
   */
  public static final int BACKSTOP_PRIORITY = 32_765;

  /**
   * @throws IllegalArgumentException naming what cannot be, and what can
   */
  public KernelNumbers {
    int bits = Integer.numberOfLeadingZeros(~mask);
    if (bits < 1 || bits > MASK_BITS_MAX || mask != -1 << (Integer.SIZE - bits)) {
      throw new IllegalArgumentException(
          "mark mask %s is not the 1 to 14 uppermost bits: one of 0x80000000, 0xc0000000 to 0xfffc0000"
              .formatted(hex(mask)));
    }
    if (mark == 0 || (mark & ~mask) != 0) {
      throw new IllegalArgumentException(
          "mark %s must be above 0 and within its mask %s".formatted(hex(mark), hex(mask)));
    }
    if (tables != 0 && (tables < TABLES_MIN || tables > TABLES_MAX)) {
      throw new IllegalArgumentException(
          "routing tables from %d on are not between %d and %d, nor 0 for those of the marks' numbers"
              .formatted(tables, TABLES_MIN, TABLES_MAX));
    }
    if (priority < 1 || priority > PRIORITY_MAX) {
      throw new IllegalArgumentException(
          "routing rule priority %d is not between 1 and %d".formatted(priority, PRIORITY_MAX));
    }
  }

  /** Mark of packets that lead to a gateway node. */
  public int toGateway(NodeNumber gateway) {
    return towardsGateways() | gateway.value();
  }

  /** What the marks of packets that lead to gateway nodes have in common. */
  public int towardsGateways() {
    return mark | TO_GATEWAY;
  }

  /** Mark of answers that came out of the tunnel and are routed as usual: no gateway node's. */
  public int answer() {
    return towardsGateways();
  }

  /** Mark of replies that lead back to the node a packet came from. */
  public int replyTo(NodeNumber node) {
    return towardsNodes() | node.value();
  }

  /** What the marks of connections have in common whose replies return to a node. */
  public int towardsNodes() {
    return tunnelledKind() | TO_NODE;
  }

  /** Mark of connections that leave with this egress IP. */
  public int egress(EipNumber eip) {
    return mark | eip.value();
  }

  /** The bits that tell connections of local pods from those that came through the tunnel. */
  public int kindMask() {
    return mask >> 1;
  }

  /** Kind of connections that reached this gateway node through the tunnel. */
  public int tunnelledKind() {
    return mark | (kindMask() & ~mask);
  }

  /** Number of the routing table for packets marked so, as bits of a u32. */
  public int table(int packetMark) {
    if (tables == 0) {
      return packetMark;
    }
    int number = packetMark & NUMBER_MASK;
    boolean back = (packetMark & ROLE_MASK) == towardsNodes();
    return (int) (tables + (back ? NUMBER_MASK + 1 : 0) + number);
  }

  /** Whether a routing table is one that the datapath may use. */
  public boolean isTable(int table) {
    long number = Integer.toUnsignedLong(table);
    return tables == 0 ? isMark(table) : number > tables && number <= tables + 2L * NUMBER_MASK + 1;
  }

  /** Whether a mark is one that the datapath may set. */
  public boolean isMark(int any) {
    return (any & mask) == mark;
  }

  /** Priority of the routing rules for replies: first, because they concern fewer packets. */
  public int replyPriority() {
    return priority;
  }

  /** Priority of the routing rules towards gateway nodes. */
  public int gatewayPriority() {
    return priority + 1;
  }

  /** This mark, in other numbers than these. */
  public int translate(int former, KernelNumbers next) {
    int number = former & NUMBER_MASK;
    if ((former & kindMask()) == tunnelledKind()) {
      return next.towardsNodes() | number;
    }
    return next.mark | number;
  }

  /** The marks, as others have to be told of them: {@code VALUE/MASK}. */
  public String marks() {
    return hex(mark) + "/" + hex(mask);
  }

  private static String hex(int value) {
    return "0x%08x".formatted(value);
  }
}
