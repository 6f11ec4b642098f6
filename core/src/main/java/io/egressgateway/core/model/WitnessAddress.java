package io.egressgateway.core.model;

import java.util.Comparator;
import java.util.Optional;

/**
 * Where a witness listens. It is an identity, too: two texts are two witnesses, even if they lead
 * to one process.
 *
 * @param host name or address, an IPv6 address without brackets; at most {@value #HOST_MAX}
 *     characters
 * @param port TCP, 1 to {@value #PORT_MAX}
 */
public record WitnessAddress(String host, int port) implements Comparable<WitnessAddress> {
  private static final int HOST_MAX = 253;
  private static final int PORT_MAX = 65_535;
  private static final int PORT_DIGITS_MAX = 5;
  private static final Comparator<WitnessAddress> ORDER =
      Comparator.comparing(WitnessAddress::host).thenComparingInt(WitnessAddress::port);

  /**
   * Checks host and port.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public WitnessAddress {
    if (host.isEmpty()
        || host.length() > HOST_MAX
        || !host.chars().allMatch(WitnessAddress::isOfHosts)) {
      throw new IllegalArgumentException("witness host is neither a name nor an address");
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("witness port " + port + " is not between 1 and 65535");
    }
  }

  /** Reads {@code host:port} or {@code [IPv6]:port}. */
  public static Optional<WitnessAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !isNumber(text.substring(colon + 1))) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new WitnessAddress(
              bracketed ? host.substring(1, host.length() - 1) : host,
              Integer.parseInt(text.substring(colon + 1))));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  private static boolean isOfHosts(int character) {
    return isDigit(character)
        || (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || "._:%-".indexOf(character) >= 0;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= PORT_DIGITS_MAX
        && text.chars().allMatch(WitnessAddress::isDigit);
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  @Override
  public int compareTo(WitnessAddress other) {
    return ORDER.compare(this, other);
  }

  /** {@code host:port}; an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
