package io.egressgateway.node.kernel;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.NodeNumber;

/**
 * The numbers and names by which packets, connections and kernel objects are known to be ours.
 * Packet marks and routing table numbers share one range: a packet marked {@code m} is routed by
 * table {@code m}.
 */
public final class Marks {
  /** Protocol number of our routes (RTPROT), routing rules and addresses (IFA_PROTO). */
  public static final int PROTOCOL = 69;

  /** The alias (IFLA_IFALIAS) of the tunnel device. */
  public static final String LINK_ALIAS = "egressgateway";

  /** Our one nf_tables table, of family inet. */
  public static final String TABLE = "egressgateway";

  /** Routing rules for replies come first: they concern fewer packets. */
  public static final int REPLY_RULE_PRIORITY = 98;

  /** Routing rules towards gateway nodes. */
  public static final int GATEWAY_RULE_PRIORITY = 99;

  /** The bits that tell an egress flow from a tunnelled one. */
  public static final int KIND_MASK = 0xff000000;

  /** The bits that tell what a packet's mark is about. */
  public static final int ROLE_MASK = 0xffff0000;

  /** The bits that carry an egress IP's or a node's number. */
  public static final int NUMBER_MASK = 0x0000ffff;

  /** Kind of connections that leave with an egress IP. */
  public static final int EGRESS_KIND = 0x26000000;

  /** Kind of connections that reached this gateway node through the tunnel. */
  static final int TUNNELLED_KIND = 0x27000000;

  /** The kinds of both sides differ in one bit only. */
  public static final int EITHER_KIND_MASK = KIND_MASK & ~(EGRESS_KIND ^ TUNNELLED_KIND);

  /** Role of packets on their way to a gateway node. */
  static final int TO_GATEWAY = 0x26010000;

  /** Role of connections whose replies return to a node. */
  public static final int TO_NODE = 0x27020000;

  private Marks() {}

  /** Mark of packets, and number of the table, that lead to a gateway node. */
  public static int toGateway(NodeNumber gateway) {
    return TO_GATEWAY | gateway.value();
  }

  /** Mark of replies, and number of the table, that lead back to the node a packet came from. */
  public static int replyTo(NodeNumber node) {
    return TO_NODE | node.value();
  }

  /** Mark of connections that leave with this egress IP. */
  public static int egress(EipNumber eip) {
    return EGRESS_KIND | eip.value();
  }

  static String hex(int mark) {
    return String.format("0x%08x", mark);
  }
}
