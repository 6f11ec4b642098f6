package io.egressgateway.core.model;

import java.util.Arrays;
import java.util.Optional;

/** The text form of IPv6: RFC 4291 section 2.2 read, RFC 5952 written. */
final class Ipv6Text {

  private static final int GROUPS = 8;
  private static final int GROUP_DIGITS_MAX = 4;
  private static final int GAP_GROUPS_MIN = 2;
  private static final int TEXT_LENGTH_MAX =
      "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length();

  private Ipv6Text() {}

  static Optional<Ipv6Address> parse(String text) {
    if (text.length() > TEXT_LENGTH_MAX) {
      return Optional.empty();
    }
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text).filter(all -> all.length == GROUPS).map(Ipv6Text::address);
    }
    String before = text.substring(0, gap);
    // A dotted quad is the last 32 bits, so it may not stand before the gap.
    if (before.indexOf('.') >= 0) {
      return Optional.empty();
    }
    return groups(before)
        .flatMap(head -> groups(text.substring(gap + 2)).flatMap(tail -> join(head, tail)));
  }

  /** {@code ::} stands for at least one group (RFC 4291), so seven is the most beside it. */
  private static Optional<Ipv6Address> join(int[] head, int[] tail) {
    if (head.length + tail.length >= GROUPS) {
      return Optional.empty();
    }
    int[] all = Arrays.copyOf(head, GROUPS);
    System.arraycopy(tail, 0, all, GROUPS - tail.length, tail.length);
    return Optional.of(address(all));
  }

  /** Groups between single colons; no groups for an empty text. A second gap is an empty group. */
  private static Optional<int[]> groups(String text) {
    if (text.isEmpty()) {
      return Optional.of(new int[0]);
    }
    int[] groups = new int[GROUPS];
    int count = 0;
    int start = 0;
    while (start <= text.length()) {
      int colon = text.indexOf(':', start);
      int end = colon < 0 ? text.length() : colon;
      String part = text.substring(start, end);
      Optional<int[]> parsed = colon < 0 && part.indexOf('.') >= 0 ? quad(part) : group(part);
      int width = parsed.map(values -> values.length).orElse(GROUPS + 1);
      if (count + width > GROUPS) {
        return Optional.empty();
      }
      System.arraycopy(parsed.orElseThrow(), 0, groups, count, width);
      count += width;
      start = end + 1;
    }
    return Optional.of(Arrays.copyOf(groups, count));
  }

  private static Optional<int[]> quad(String text) {
    return Ipv4Address.parse(text)
        .map(quad -> new int[] {quad.bits() >>> Short.SIZE, quad.bits() & 0xffff});
  }

  private static Optional<int[]> group(String text) {
    if (text.isEmpty() || text.length() > GROUP_DIGITS_MAX) {
      return Optional.empty();
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Character.digit alone would accept the digits of every script.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return Optional.empty();
      }
      value = value << 4 | digit;
    }
    return Optional.of(new int[] {value});
  }

  private static Ipv6Address address(int[] groups) {
    return new Ipv6Address(half(groups, 0), half(groups, GROUPS / 2));
  }

  private static long half(int[] groups, int start) {
    long value = 0;
    for (int i = start; i < start + GROUPS / 2; i++) {
      value = value << Short.SIZE | groups[i];
    }
    return value;
  }

  static String format(Ipv6Address address) {
    if (address.isIpv4Mapped()) {
      return "::ffff:" + new Ipv4Address((int) address.low());
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS / 2; i++) {
      int shift = Long.SIZE - Short.SIZE * (i + 1);
      groups[i] = (int) (address.high() >>> shift) & 0xffff;
      groups[i + GROUPS / 2] = (int) (address.low() >>> shift) & 0xffff;
    }
    Gap gap = Gap.longest(groups);
    return gap.length() < GAP_GROUPS_MIN
        ? hex(groups, 0, GROUPS)
        : hex(groups, 0, gap.start()) + "::" + hex(groups, gap.start() + gap.length(), GROUPS);
  }

  private static String hex(int[] groups, int start, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = start; i < end; i++) {
      text.append(i == start ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private record Gap(int start, int length) {

    /** RFC 5952 section 4.2.3: the longest run of zero groups, the first of equals. */
    static Gap longest(int[] groups) {
      Gap best = new Gap(0, 0);
      Gap current = best;
      for (int i = 0; i < groups.length; i++) {
        current =
            groups[i] == 0 ? new Gap(current.start(), current.length() + 1) : new Gap(i + 1, 0);
        best = current.length() > best.length() ? current : best;
      }
      return best;
    }
  }
}
