package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.Scope;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** By what an address is known as ours. Pure. */
public enum AddressMark {
  /** By its protocol number, whatever it looks like. */
  PROTOCOL,
  /**
   * By where it stands and what it looks like, on a kernel that forgets protocol numbers: on our
   * link every global address, elsewhere one of a single host, without a prefix route, that the
   * kernel never chooses as a source.
   */
  FORM;

  /** Whether an address of a link of others is an egress IP that we put there. */
  public boolean isEgressIp(Address address) {
    return switch (this) {
      case PROTOCOL -> hasOurProtocol(address);
      case FORM -> looksLikeEgressIp(address);
    };
  }

  /** Whether an address of our own link is one that we put there. */
  public boolean isOfTunnel(Address address) {
    return switch (this) {
      case PROTOCOL -> hasOurProtocol(address);
      case FORM -> address.scope().equals(Scope.UNIVERSE);
    };
  }

  private static boolean hasOurProtocol(Address address) {
    return address.protocol().equals(OptionalInt.of(Marks.PROTOCOL));
  }

  /**
   * NetworkManager puts what it has of DHCPv6 on a link as {@code /128} without a prefix route,
   * too, but lets the kernel look for duplicates.
   */
  private static boolean looksLikeEgressIp(Address address) {
    IpFamily family = address.ip().family();
    return address.prefixLength() == family.bits()
        && address.scope().equals(Scope.UNIVERSE)
        && address.flags().contains(AddressFlag.NOPREFIXROUTE)
        && (family == IpFamily.IPV4 || address.flags().contains(AddressFlag.NODAD))
        && address.lifetime().preferredSeconds().equals(OptionalLong.of(0));
  }
}
