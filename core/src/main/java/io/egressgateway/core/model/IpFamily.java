package io.egressgateway.core.model;

/** The two address families; the declaration order is the order of addresses. */
public enum IpFamily {
  IPV4(32, "IPv4"),
  IPV6(128, "IPv6");

  private final int bits;
  private final String text;

  IpFamily(int bits, String text) {
    this.bits = bits;
    this.text = text;
  }

  /** Width of an address: 32 or 128. */
  public int bits() {
    return bits;
  }

  /** Width of an address in bytes: 4 or 16. */
  public int bytes() {
    return bits / Byte.SIZE;
  }

  /** {@code IPv4} or {@code IPv6}, as people write it. */
  @Override
  public String toString() {
    return text;
  }
}
