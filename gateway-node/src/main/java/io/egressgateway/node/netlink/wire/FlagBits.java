package io.egressgateway.node.netlink.wire;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.SortedSet;
import java.util.TreeSet;

/** A bit of one of the kernel's flag words. Bits without a name here are dropped when read. */
public interface FlagBits {
  /** The bit, or bits, as the header defines it. */
  int bits();

  /** The flag word of all {@code flags}. */
  static int encode(Collection<? extends FlagBits> flags) {
    return flags.stream().mapToInt(FlagBits::bits).reduce(0, (a, b) -> a | b);
  }

  /** The named flags of a word, immutable. */
  static <F extends Enum<F> & FlagBits> SortedSet<F> decode(Class<F> type, long word) {
    if (word == 0) {
      return Collections.emptySortedSet();
    }
    EnumSet<F> flags = EnumSet.allOf(type);
    flags.removeIf(flag -> (word & flag.bits()) != flag.bits());
    return Collections.unmodifiableSortedSet(new TreeSet<>(flags));
  }

  /** An immutable sorted copy. */
  static <F extends Enum<F> & FlagBits> SortedSet<F> copy(Collection<F> flags) {
    // Most elements have none.
    return flags.isEmpty()
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(new TreeSet<>(flags));
  }
}
