package io.egressgateway.node.netlink.wire.conntrack;

/**
 * Which marks are meant: those that agree with {@code value} in all bits of {@code mask}.
 *
 * @param mask not 0: that would be every entry, other programs' as well
 */
public record MarkFilter(int value, int mask) {
  /**
   * @throws IllegalArgumentException if the mask is 0 or the value has bits outside of it
   */
  public MarkFilter {
    if (mask == 0 || (value & ~mask) != 0) {
      throw new IllegalArgumentException(
          "a mark filter of value 0x%08x and mask 0x%08x means nothing".formatted(value, mask));
    }
  }

  /** Exactly this mark. */
  public static MarkFilter exactly(int mark) {
    return new MarkFilter(mark, -1);
  }

  /** Whether a mark is meant. */
  public boolean matches(int mark) {
    return (mark & mask) == value;
  }

  @Override
  public String toString() {
    return "0x%08x/0x%08x".formatted(value, mask);
  }
}
