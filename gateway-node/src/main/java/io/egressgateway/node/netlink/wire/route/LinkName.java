package io.egressgateway.node.netlink.wire.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;

/**
 * A network device's name as the kernel accepts it (dev_valid_name): 1 to 15 bytes, no slash, colon
 * or white space, neither {@code .} nor {@code ..}.
 */
public record LinkName(String value) implements Comparable<LinkName> {
  /** IFNAMSIZ less the NUL. */
  public static final int BYTES_MAX = 15;

  /**
   * @throws IllegalArgumentException if no device can have that name
   */
  public LinkName {
    int length = value.getBytes(UTF_8).length;
    boolean badCharacter =
        value.chars().anyMatch(c -> c == '/' || c == ':' || c == 0 || Character.isWhitespace(c));
    if (length < 1 || length > BYTES_MAX || badCharacter || value.matches("\\.{1,2}")) {
      throw new IllegalArgumentException(
          "'%s' is no device name; it takes 1 to %d bytes without '/', ':' and blanks"
              .formatted(value, BYTES_MAX));
    }
  }

  /** As the constructor, for reading well. */
  public static LinkName of(String value) {
    return new LinkName(value);
  }

  /** A name of the kernel's; one that no device can have is a broken message. */
  static LinkName read(String value) {
    try {
      return new LinkName(value);
    } catch (IllegalArgumentException e) {
      throw new MalformedNetlinkMessage(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public int compareTo(LinkName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
