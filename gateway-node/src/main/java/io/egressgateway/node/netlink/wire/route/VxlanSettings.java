package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.IpAddress;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What makes a VXLAN device.
 *
 * @param vni the network's number, 24 bits
 * @param port the UDP port it sends to and listens on
 * @param local the outer source address
 * @param lowerLink index of the device it sends through
 * @param ttl of the outer packet; 0 takes the kernel's default
 * @param flags immutable
 */
public record VxlanSettings(
    int vni,
    int port,
    Optional<IpAddress> local,
    OptionalInt lowerLink,
    int ttl,
    SortedSet<VxlanFlag> flags) {
  private static final int VNI_MAX = 0xffffff;
  private static final int PORT_MAX = 0xffff;

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public VxlanSettings {
    if (vni < 0 || vni > VNI_MAX) {
      throw new IllegalArgumentException("VNI " + vni + " is not in 0.." + VNI_MAX);
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("VXLAN port " + port + " is not in 1.." + PORT_MAX);
    }
    if (ttl < 0 || ttl > 255) {
      throw new IllegalArgumentException("VXLAN ttl " + ttl + " is not in 0..255");
    }
    flags = Collections.unmodifiableSortedSet(new TreeSet<>(flags));
  }

  /** With the kernel's defaults: outer IPv4 checksums on, nothing learned. */
  public static VxlanSettings of(int vni, int port) {
    return new VxlanSettings(
        vni,
        port,
        Optional.empty(),
        OptionalInt.empty(),
        0,
        new TreeSet<>(Set.of(VxlanFlag.UDP_CSUM)));
  }

  /** With this outer source address. */
  public VxlanSettings withLocal(IpAddress address) {
    return new VxlanSettings(vni, port, Optional.of(address), lowerLink, ttl, flags);
  }

  /** Bound to the device with this index. */
  public VxlanSettings withLowerLink(int index) {
    return new VxlanSettings(vni, port, local, OptionalInt.of(index), ttl, flags);
  }

  /** With this outer ttl. */
  public VxlanSettings withTtl(int newTtl) {
    return new VxlanSettings(vni, port, local, lowerLink, newTtl, flags);
  }

  /** With one more flag. */
  public VxlanSettings with(VxlanFlag flag) {
    SortedSet<VxlanFlag> more = new TreeSet<>(flags);
    more.add(flag);
    return new VxlanSettings(vni, port, local, lowerLink, ttl, more);
  }

  /** With one flag less. */
  public VxlanSettings without(VxlanFlag flag) {
    SortedSet<VxlanFlag> fewer = new TreeSet<>(flags);
    fewer.remove(flag);
    return new VxlanSettings(vni, port, local, lowerLink, ttl, fewer);
  }
}
