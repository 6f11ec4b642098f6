package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;

/**
 * RTM_NEWNETCONF: somebody wrote a value below {@code net/ipv4/conf} or {@code net/ipv6/conf}.
 *
 * <pre>
 *  | ncm_family (u8) | padding (3) | NETCONFA_IFINDEX (s32), NETCONFA_FORWARDING, NETCONFA_RP_FILTER, …
 * </pre>
 *
 * <p>linux/netconf.h. Which value it was does not matter here: all are read from {@code /proc}.
 */
public final class SettingCodec {
  private static final int RTM_NEWNETCONF = 80;
  private static final int NETCONFA_IFINDEX = 1;
  private static final int NETCONFA_IFINDEX_ALL = -1;
  private static final int HEADER_BYTES = 1;

  private SettingCodec() {}

  /** Whether {@link #decodeLink} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return message.type() == RTM_NEWNETCONF;
  }

  /** Index of the device whose settings changed; below 0 for those of all devices. */
  public static int decodeLink(NetlinkMessage message) {
    return (int)
        new PayloadReader(message, HEADER_BYTES)
            .attributes()
            .u32(NETCONFA_IFINDEX)
            .orElse(NETCONFA_IFINDEX_ALL);
  }
}
