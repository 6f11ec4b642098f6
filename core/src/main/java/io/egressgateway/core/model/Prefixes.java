package io.egressgateway.core.model;

import java.util.OptionalInt;

/** The one rule of prefix lengths, shared by addresses and CIDRs. */
final class Prefixes {

  private static final int DIGITS_MAX = 3;

  private Prefixes() {}

  static void check(IpFamily family, int prefixLength) {
    if (prefixLength < 0 || prefixLength > family.bits()) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " is outside 0.." + family.bits() + " of " + family);
    }
  }

  /** Decimal digits without sign or leading zero, within the family. */
  static OptionalInt parse(IpFamily family, String text) {
    if (text.isEmpty()
        || text.length() > DIGITS_MAX
        || (text.length() > 1 && text.charAt(0) == '0')) {
      return OptionalInt.empty();
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalInt.empty();
      }
      value = value * 10 + (digit - '0');
    }
    return value > family.bits() ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
