package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;

/**
 * A network device as the kernel reports it.
 *
 * @param index above 0, unique in the network namespace
 * @param flags immutable
 * @param mac empty unless the device has a 48-bit address
 * @param mtu bytes
 * @param master index of the bridge (or other device) it belongs to
 * @param peer IFLA_LINK: the index of a pair's other end or of the device below, which may lie in
 *     another namespace
 */
public record Link(
    int index,
    LinkName name,
    LinkKind kind,
    SortedSet<LinkFlag> flags,
    Optional<MacAddress> mac,
    int mtu,
    OptionalInt master,
    OptionalInt peer,
    Optional<String> alias) {

  /** Makes the flags immutable. */
  public Link {
    flags = FlagBits.copy(flags);
  }

  /** Whether the administrator has set it up. */
  public boolean isUp() {
    return flags.contains(LinkFlag.UP);
  }
}
