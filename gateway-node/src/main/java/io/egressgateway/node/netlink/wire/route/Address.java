package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An address of a device.
 *
 * @param link index of the device
 * @param prefixLength 0 to 32 or 128
 * @param scope the kernel derives it from the address itself for IPv6
 * @param flags immutable; those marked so are set by the kernel and ignored when written
 * @param lifetime what is left of it, when read
 * @param protocol IFA_PROTO, who made it: 1 to 255; kernels before 5.18 forget it
 */
public record Address(
    int link,
    IpAddress ip,
    int prefixLength,
    Scope scope,
    SortedSet<AddressFlag> flags,
    AddressLifetime lifetime,
    OptionalInt protocol) {

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public Address {
    if (prefixLength < 0 || prefixLength > ip.family().bits()) {
      throw new IllegalArgumentException("prefix length " + prefixLength + " of " + ip);
    }
    if (protocol.orElse(1) < 1 || protocol.orElse(1) > 255) {
      throw new IllegalArgumentException("address protocol " + protocol + " is not in 1..255");
    }
    flags = FlagBits.copy(flags);
  }

  /** An address as {@code ip addr add} makes it: global, for ever, with a route to its prefix. */
  public static Address of(int link, IpAddress ip, int prefixLength) {
    return new Address(
        link,
        ip,
        prefixLength,
        Scope.UNIVERSE,
        new TreeSet<>(),
        AddressLifetime.FOREVER,
        OptionalInt.empty());
  }

  /** With one more flag. */
  public Address with(AddressFlag flag) {
    SortedSet<AddressFlag> more = new TreeSet<>(flags);
    more.add(flag);
    return new Address(link, ip, prefixLength, scope, more, lifetime, protocol);
  }

  /** With this scope. */
  public Address withScope(Scope newScope) {
    return new Address(link, ip, prefixLength, newScope, flags, lifetime, protocol);
  }

  /** With this lifetime. */
  public Address withLifetime(AddressLifetime newLifetime) {
    return new Address(link, ip, prefixLength, scope, flags, newLifetime, protocol);
  }

  /** Marked as made by {@code newProtocol}. */
  public Address withProtocol(int newProtocol) {
    return new Address(link, ip, prefixLength, scope, flags, lifetime, OptionalInt.of(newProtocol));
  }
}
