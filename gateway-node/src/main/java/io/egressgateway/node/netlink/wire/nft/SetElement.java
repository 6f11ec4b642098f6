package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.FlagBits;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An element of a set or a map.
 *
 * @param key in the order of bytes the set's type has; a concatenation's parts padded to 4 bytes.
 *     In sets of intervals every part is in network order, marks included, because ranges are
 *     compared as bytes
 * @param keyEnd the last key of the range; only in sets of concatenated intervals
 * @param flags immutable
 * @param counted packets that found it; only read, and only of sets that count
 * @param comment at most 128 bytes
 */
public record SetElement(
    Bytes key,
    Optional<Bytes> keyEnd,
    ElementValue value,
    SortedSet<ElementFlag> flags,
    ElementLifetime lifetime,
    Optional<Counter> counted,
    Optional<String> comment) {

  /** Makes the flags immutable. */
  public SetElement {
    flags = FlagBits.copy(flags);
  }

  /** An element of a set. */
  public static SetElement of(Bytes key) {
    return new SetElement(
        key,
        Optional.empty(),
        new ElementValue.None(),
        new TreeSet<>(),
        ElementLifetime.OF_SET,
        Optional.empty(),
        Optional.empty());
  }

  /** An element of a map. */
  public static SetElement of(Bytes key, Bytes value) {
    return of(key).withValue(new ElementValue.Value(value));
  }

  /** An element of a verdict map. */
  public static SetElement of(Bytes key, Verdict verdict) {
    return of(key).withValue(new ElementValue.Decision(verdict));
  }

  /** The mark behind the last key of a plain interval. */
  public static SetElement intervalEnd(Bytes firstBehind) {
    SortedSet<ElementFlag> end = new TreeSet<>();
    end.add(ElementFlag.INTERVAL_END);
    return new SetElement(
        firstBehind,
        Optional.empty(),
        new ElementValue.None(),
        end,
        ElementLifetime.OF_SET,
        Optional.empty(),
        Optional.empty());
  }

  /** Up to and including {@code last}. */
  public SetElement through(Bytes last) {
    return new SetElement(key, Optional.of(last), value, flags, lifetime, counted, comment);
  }

  /** Holding {@code newValue}. */
  public SetElement withValue(ElementValue newValue) {
    return new SetElement(key, keyEnd, newValue, flags, lifetime, counted, comment);
  }

  /** Living as long as {@code newLifetime} says. */
  public SetElement withLifetime(ElementLifetime newLifetime) {
    return new SetElement(key, keyEnd, value, flags, newLifetime, counted, comment);
  }

  /** With a comment. */
  public SetElement withComment(String text) {
    return new SetElement(key, keyEnd, value, flags, lifetime, counted, Optional.of(text));
  }

  /** Whether this is only the mark behind a plain interval. */
  public boolean isIntervalEnd() {
    return flags.contains(ElementFlag.INTERVAL_END);
  }
}
