package io.egressgateway.core.model;

import java.util.Optional;

/**
 * Reads an item of {@code spec.ippools.ipv4} or {@code .ipv6}: one address, a range {@code a-b}
 * without spaces, or a CIDR. An IPv4 CIDR of more than two addresses stands for its hosts, without
 * network and broadcast address; an IPv6 CIDR stands for all its addresses.
 */
public final class PoolEntry {

  private PoolEntry() {}

  /**
   * Reads one item.
   *
   * @param family the list the item stands in
   */
  public static PoolParse parse(IpFamily family, String text) {
    int dash = text.indexOf('-');
    if (dash >= 0) {
      return parseRange(family, text, dash);
    }
    Optional<IpRange> range =
        text.indexOf('/') >= 0
            ? Cidr.parse(text).map(Cidr::hosts)
            : IpAddress.parse(text).map(IpRange::single);
    return range.map(found -> ofFamily(family, text, found)).orElseGet(() -> unreadable(text));
  }

  private static PoolParse parseRange(IpFamily family, String text, int dash) {
    Optional<IpAddress> first = IpAddress.parse(text.substring(0, dash));
    Optional<IpAddress> last = IpAddress.parse(text.substring(dash + 1));
    if (first.isEmpty() || last.isEmpty()) {
      return unreadable(text);
    }
    if (first.get().family() != last.get().family()) {
      return new PoolParse.Invalid(
          text,
          "mixed families in '%s': %s is %s, %s is %s; both ends must be %s"
              .formatted(
                  text,
                  first.get(),
                  first.get().family(),
                  last.get(),
                  last.get().family(),
                  family));
    }
    if (first.get().isAfter(last.get())) {
      return new PoolParse.Invalid(
          text,
          "reversed range: %s is above %s; write the lower address first"
              .formatted(first.get(), last.get()));
    }
    return ofFamily(family, text, new IpRange(first.get(), last.get()));
  }

  private static PoolParse ofFamily(IpFamily family, String text, IpRange range) {
    return range.family() == family
        ? new PoolParse.Valid(range)
        : new PoolParse.Invalid(
            text,
            "'%s' is an %s %s in the %s list; move it to the %s list"
                .formatted(
                    text, range.family(), kind(text), listName(family), listName(range.family())));
  }

  private static String kind(String text) {
    if (text.indexOf('/') >= 0) {
      return "CIDR";
    }
    return text.indexOf('-') >= 0 ? "range" : "address";
  }

  private static String listName(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ipv4";
      case IPV6 -> "ipv6";
    };
  }

  private static PoolParse unreadable(String text) {
    String compact = text.replace(" ", "");
    boolean onlySpacesHurt =
        !compact.equals(text) && (Cidr.parseCidrOrAddress(compact).isPresent() || isRange(compact));
    return new PoolParse.Invalid(
        text,
        onlySpacesHurt
            ? "'%s' contains spaces; write '%s'".formatted(text, compact)
            : "'%s' is not an address, a range a-b or a CIDR".formatted(text));
  }

  private static boolean isRange(String text) {
    int dash = text.indexOf('-');
    return dash >= 0
        && IpAddress.parse(text.substring(0, dash)).isPresent()
        && IpAddress.parse(text.substring(dash + 1)).isPresent();
  }
}
