package io.egressgateway.core.plan;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.LinkPattern;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a node's tunnel device, and what leads into and out of it, is made. All but the uplink is the
 * same on all nodes.
 *
 * @param device name of the VXLAN device, 1-15 characters
 * @param vni VXLAN network identifier, 1-16777215
 * @param port UDP port, 1-65535
 * @param subnets networks of the tunnel devices' own addresses
 * @param numbers marks, routing tables and priorities of routing rules
 * @param uplink name of the link that answers for egress IPs that belong to no other, 1-15
 *     characters; empty: as the node's agent finds it
 * @param excluded links that answer for no egress IP but as the uplink
 */
public record TunnelSettings(
    String device,
    int vni,
    int port,
    Subnets subnets,
    KernelNumbers numbers,
    Optional<String> uplink,
    List<LinkPattern> excluded) {
  private static final int NAME_MAX = 15;

  /** Networks of the tunnel devices' own addresses. A family that is absent is not tunnelled. */
  public record Subnets(Optional<Cidr> ipv4, Optional<Cidr> ipv6) {

    /** Those that are tunnelled. */
    public Set<IpFamily> families() {
      EnumSet<IpFamily> families = EnumSet.noneOf(IpFamily.class);
      ipv4.ifPresent(subnet -> families.add(IpFamily.IPV4));
      ipv6.ifPresent(subnet -> families.add(IpFamily.IPV6));
      return Collections.unmodifiableSet(families);
    }
  }

  /** With the usual numbers, on the link that the agent finds. */
  public TunnelSettings(String device, int vni, int port, Subnets subnets) {
    this(device, vni, port, subnets, KernelNumbers.USUAL);
  }

  /** On the link that the agent finds. */
  public TunnelSettings(String device, int vni, int port, Subnets subnets, KernelNumbers numbers) {
    this(device, vni, port, subnets, numbers, Optional.empty(), List.of());
  }

  public TunnelSettings {
    // A controller of an earlier version does not say.
    numbers = Objects.requireNonNullElse(numbers, KernelNumbers.USUAL);
    uplink = Objects.requireNonNullElse(uplink, Optional.empty());
    excluded = List.copyOf(Objects.requireNonNullElse(excluded, List.of()));
    if (device.isEmpty() || device.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "tunnel device name '" + device + "' must have 1 to 15 characters");
    }
    uplink.ifPresent(TunnelSettings::requireLinkName);
    if (vni < 1 || vni > 0xffffff) {
      throw new IllegalArgumentException("VXLAN id " + vni + " is not between 1 and 16777215");
    }
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("UDP port " + port + " is not between 1 and 65535");
    }
  }

  /** The same on a node with this uplink. */
  public TunnelSettings on(Optional<String> link) {
    return new TunnelSettings(device, vni, port, subnets, numbers, link, excluded);
  }

  /** The same with these links excluded, and no others. */
  public TunnelSettings excluding(List<LinkPattern> links) {
    return new TunnelSettings(device, vni, port, subnets, numbers, uplink, links);
  }

  /**
   * Checks that a network device can have this name.
   *
   * @throws IllegalArgumentException if none can
   */
  public static void requireLinkName(String name) {
    boolean bad =
        name.chars().anyMatch(c -> c == '/' || c == ':' || c == 0 || Character.isWhitespace(c));
    if (name.isEmpty() || name.length() > NAME_MAX || bad || name.matches("\\.{1,2}")) {
      throw new IllegalArgumentException(
          "'%s' is no device name; it takes 1 to %d characters without '/', ':' and blanks"
              .formatted(name, NAME_MAX));
    }
  }
}
