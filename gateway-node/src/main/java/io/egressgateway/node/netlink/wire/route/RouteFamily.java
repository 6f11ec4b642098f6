package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkConstants;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.Optional;

/** Address families and addresses between the kernel's numbers and the project's types. */
public final class RouteFamily {
  private RouteFamily() {}

  /** AF_INET or AF_INET6. */
  public static int number(IpFamily family) {
    return switch (family) {
      case IPV4 -> NetlinkConstants.AF_INET;
      case IPV6 -> NetlinkConstants.AF_INET6;
    };
  }

  /** Empty for the families that carry no IP addresses. */
  static Optional<IpFamily> of(int number) {
    return switch (number) {
      case NetlinkConstants.AF_INET -> Optional.of(IpFamily.IPV4);
      case NetlinkConstants.AF_INET6 -> Optional.of(IpFamily.IPV6);
      default -> Optional.empty();
    };
  }

  /** Whether the header says that family: in all of routing it begins with that byte. */
  public static boolean isOf(IpFamily family, NetlinkMessage message) {
    return new PayloadReader(message, 1).u8(0) == number(family);
  }

  static IpFamily require(int number) {
    return of(number)
        .orElseThrow(() -> new MalformedNetlinkMessage("family " + number + " has no IP address"));
  }

  /** In network order. */
  public static Bytes bytes(IpAddress address) {
    return Bytes.of(address.toBytes());
  }

  /**
   * Reads network order.
   *
   * @throws MalformedNetlinkMessage unless there are 4 or 16 bytes
   */
  public static IpAddress address(Bytes bytes) {
    if (bytes.length() != IpFamily.IPV4.bytes() && bytes.length() != IpFamily.IPV6.bytes()) {
      throw new MalformedNetlinkMessage(bytes.length() + " bytes are no IP address");
    }
    return IpAddress.fromBytes(bytes.toArray());
  }

  static Cidr cidr(IpAddress address, int prefixLength) {
    if (prefixLength > address.family().bits()) {
      throw new MalformedNetlinkMessage("prefix length " + prefixLength + " of " + address);
    }
    return new Cidr(address, prefixLength);
  }
}
