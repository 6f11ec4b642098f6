package io.egressgateway.node.netlink.wire.nft;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.util.Arrays;

/** Values as they lie in registers, keys and map elements. */
public final class NftValue {
  private NftValue() {}

  /** A mark, as it lies in hash sets, map values and registers: the machine's order. */
  public static Bytes mark(int mark) {
    return Bytes.u32(mark);
  }

  /** A mark as a part of a key in a set of ranges, which the kernel compares as bytes. */
  public static Bytes markInRange(int mark) {
    return Bytes.be32(mark);
  }

  /** An address of either family. */
  public static Bytes address(IpAddress address) {
    return Bytes.of(address.toBytes());
  }

  /** A MAC address. */
  public static Bytes mac(MacAddress mac) {
    return Bytes.of(mac.toBytes());
  }

  /** A device's name: 16 bytes, zeros behind it. */
  public static Bytes linkName(LinkName name) {
    return Bytes.of(name.value().getBytes(UTF_8)).padTo(NftDataType.IFNAME.length());
  }

  /** A port. */
  public static Bytes port(int port) {
    return Bytes.be16(port);
  }

  /** A concatenation: each part padded to whole registers. */
  public static Bytes concat(Bytes... parts) {
    return Bytes.concat(
        Arrays.stream(parts).map(part -> part.padTo((part.length() + 3) & ~3)).toList());
  }
}
