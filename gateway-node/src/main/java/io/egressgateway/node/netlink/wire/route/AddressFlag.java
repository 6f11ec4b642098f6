package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.node.netlink.wire.FlagBits;

/**
 * IFA_F_… of linux/if_addr.h. IFA_F_PERMANENT and IFA_F_DEPRECATED are missing: the lifetime says
 * the same.
 */
public enum AddressFlag implements FlagBits {
  /** IPv4: a later address of the same prefix. IPv6: a temporary one. Set by the kernel. */
  SECONDARY(AddressConstants.IFA_F_SECONDARY),
  /** No duplicate address detection; IPv6 only. */
  NODAD(AddressConstants.IFA_F_NODAD),
  /** Duplicate address detection found a duplicate. Set by the kernel. */
  DADFAILED(AddressConstants.IFA_F_DADFAILED),
  /** Not usable until duplicate address detection ends. Set by the kernel. */
  TENTATIVE(AddressConstants.IFA_F_TENTATIVE),
  /** No route for the prefix is added along with the address. */
  NOPREFIXROUTE(AddressConstants.IFA_F_NOPREFIXROUTE);

  private final int bits;

  AddressFlag(int bits) {
    this.bits = bits;
  }

  @Override
  public int bits() {
    return bits;
  }
}
