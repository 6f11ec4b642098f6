package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.FlagBits;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A set or a map.
 *
 * @param key the types of the key's parts; immutable, empty only for a foreign set of unknown type
 * @param flags immutable
 * @param size the most elements it takes; empty is no limit
 * @param timeout how long elements live that say nothing themselves; needs {@link SetFlag#TIMEOUT}
 * @param counter where each element begins to count the packets that find it, if it counts them
 * @param comment at most 128 bytes
 */
public record NftSet(
    SetId id,
    List<NftDataType> key,
    SetKind kind,
    SortedSet<SetFlag> flags,
    OptionalInt size,
    Optional<Duration> timeout,
    Optional<Counter> counter,
    Optional<String> comment) {

  /** Makes the collections immutable. */
  public NftSet {
    key = List.copyOf(key);
    flags = FlagBits.copy(flags);
  }

  /** A hash set of keys with these parts. */
  public static NftSet of(SetId id, NftDataType... key) {
    return new NftSet(
        id,
        List.of(key),
        new SetKind.Members(),
        new TreeSet<>(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The set that a rule writes in braces; its name is the kernel's to choose. */
  public static NftSet anonymous(TableId table, NftDataType... key) {
    return of(table.set("__set%d"), key).with(SetFlag.ANONYMOUS).with(SetFlag.CONSTANT);
  }

  /** The verdict map that a rule writes in braces. */
  public static NftSet anonymousVerdictMap(TableId table, NftDataType... key) {
    return of(table.set("__map%d"), key)
        .with(SetFlag.ANONYMOUS)
        .with(SetFlag.CONSTANT)
        .toVerdicts();
  }

  /** As a map to a value with these parts. */
  public NftSet to(NftDataType... value) {
    return withKind(new SetKind.MapTo(List.of(value)));
  }

  /** As a verdict map. */
  public NftSet toVerdicts() {
    return withKind(new SetKind.VerdictMap());
  }

  private NftSet withKind(SetKind newKind) {
    return new NftSet(id, key, newKind, flags, size, timeout, counter, comment);
  }

  /** With one more flag. */
  public NftSet with(SetFlag flag) {
    return withFlags(List.of(flag));
  }

  private NftSet withFlags(Collection<SetFlag> added) {
    SortedSet<SetFlag> more = new TreeSet<>(flags);
    more.addAll(added);
    return new NftSet(id, key, kind, more, size, timeout, counter, comment);
  }

  /** With a limit. */
  public NftSet withSize(int elementsMax) {
    return new NftSet(id, key, kind, flags, OptionalInt.of(elementsMax), timeout, counter, comment);
  }

  /** With a default life time of its elements. */
  public NftSet withTimeout(Duration lifetime) {
    NftSet expiring = with(SetFlag.TIMEOUT);
    return new NftSet(id, key, kind, expiring.flags, size, Optional.of(lifetime), counter, comment);
  }

  /** Whose elements count the packets that find them; Linux 5.7. */
  public NftSet counting() {
    return new NftSet(id, key, kind, flags, size, timeout, Optional.of(Counter.ZERO), comment);
  }

  /** With a comment. */
  public NftSet withComment(String text) {
    return new NftSet(id, key, kind, flags, size, timeout, counter, Optional.of(text));
  }

  /** Whether its elements are ranges of concatenated keys: the kernel's pipapo set. */
  public boolean isIntervalConcatenation() {
    return flags.contains(SetFlag.INTERVAL) && key.size() > 1;
  }

  /** Bytes of a key. */
  public int keyLength() {
    return length(key);
  }

  static int length(List<NftDataType> parts) {
    return parts.size() == 1
        ? parts.get(0).length()
        : parts.stream().mapToInt(NftDataType::paddedLength).sum();
  }
}
