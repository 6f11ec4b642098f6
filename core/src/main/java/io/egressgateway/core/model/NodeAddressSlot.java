package io.egressgateway.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Stands for the own address of whichever node carries a gateway's policies that use it. It is
 * placed, leased and moved like an egress IP, so it has the form of one, out of the block that is
 * reserved for addresses that never appear on a wire (RFC 9780). A node that holds it puts its own
 * addresses of both families in its place.
 */
public final class NodeAddressSlot {
  private static final Cidr BLOCK = Cidr.of("100:0:0:1::/64");

  private NodeAddressSlot() {}

  /** The slot of a gateway: always the same. */
  public static IpAddress of(GatewayName gateway) {
    return new Ipv6Address(
        ByteBuffer.wrap(BLOCK.first().toBytes()).getLong(),
        ByteBuffer.wrap(digest(gateway.toString())).getLong());
  }

  /** Whether the address stands for a node's own. */
  public static boolean is(IpAddress address) {
    return BLOCK.contains(address);
  }

  /** Those of the addresses that stand for themselves. */
  public static SortedSet<IpAddress> without(SortedSet<IpAddress> addresses) {
    TreeSet<IpAddress> themselves = new TreeSet<>(addresses);
    themselves.removeIf(NodeAddressSlot::is);
    return themselves;
  }

  /** The address, in words if it stands for a node's own. */
  public static String describe(IpAddress address) {
    return is(address) ? "the gateway node's own address" : address.toString();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
