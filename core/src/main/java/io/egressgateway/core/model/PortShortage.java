package io.egressgateway.core.model;

import java.util.Comparator;
import java.util.Objects;

/**
 * A destination to which an egress IP has no port left for another connection.
 *
 * @param protocol IPPROTO_…, 0 to 255
 * @param port of the destination, 0 to 65535
 */
public record PortShortage(IpAddress eip, int protocol, IpAddress destination, int port)
    implements Comparable<PortShortage> {
  private static final Comparator<PortShortage> ORDER =
      Comparator.comparing(PortShortage::eip)
          .thenComparingInt(PortShortage::protocol)
          .thenComparing(PortShortage::destination)
          .thenComparingInt(PortShortage::port);

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PortShortage {
    Objects.requireNonNull(eip, "eip");
    Objects.requireNonNull(destination, "destination");
    if (protocol < 0 || protocol > 0xff || port < 0 || port > 0xffff) {
      throw new IllegalArgumentException(
          "protocol %d or port %d is out of its range".formatted(protocol, port));
    }
  }

  @Override
  public int compareTo(PortShortage other) {
    return ORDER.compare(this, other);
  }
}
