package io.egressgateway.core.link;

import com.google.protobuf.ByteString;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * Reads single fields. A value type's own refusal becomes a {@link MalformedLinkMessage} that names
 * the field; nothing else is thrown, whatever the bytes are.
 *
 * @param path of the message whose fields are read, empty for the root, else ending in a dot
 */
record FieldReader(String path) {
  static final FieldReader ROOT = new FieldReader("");

  FieldReader in(String field) {
    return new FieldReader(path + field + ".");
  }

  FieldReader in(String field, int index) {
    return new FieldReader(path + field + "[" + index + "].");
  }

  MalformedLinkMessage malformed(String field, String reason) {
    return new MalformedLinkMessage(path + field, reason);
  }

  /** proto3 cannot tell an unsigned number above the signed range from a negative one: refused. */
  <T> T number(String field, int value, IntFunction<T> type) throws MalformedLinkMessage {
    try {
      return type.apply(value);
    } catch (IllegalArgumentException refused) {
      throw malformed(field, String.valueOf(refused.getMessage()));
    }
  }

  <T> T counter(String field, long value, LongFunction<T> type) throws MalformedLinkMessage {
    try {
      return type.apply(value);
    } catch (IllegalArgumentException refused) {
      throw malformed(field, String.valueOf(refused.getMessage()));
    }
  }

  <T> T text(String field, String value, Function<String, T> type) throws MalformedLinkMessage {
    try {
      return type.apply(value);
    } catch (IllegalArgumentException refused) {
      throw malformed(field, String.valueOf(refused.getMessage()));
    }
  }

  <T> T bytes(String field, ByteString value, Function<byte[], T> type)
      throws MalformedLinkMessage {
    try {
      return type.apply(value.toByteArray());
    } catch (IllegalArgumentException refused) {
      throw malformed(field, String.valueOf(refused.getMessage()));
    }
  }

  IpAddress address(String field, ByteString value) throws MalformedLinkMessage {
    return bytes(field, value, IpAddress::fromBytes);
  }

  Optional<Ipv4Address> optionalIpv4(String field, ByteString value) throws MalformedLinkMessage {
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(bytes(field, value, Ipv4Address::fromBytes));
  }

  Optional<Ipv6Address> optionalIpv6(String field, ByteString value) throws MalformedLinkMessage {
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(bytes(field, value, Ipv6Address::fromBytes));
  }

  /** The size is checked before any entry is read, so that a huge list costs nothing more. */
  <M> Entries<M> entries(String field, List<M> messages, int max) throws MalformedLinkMessage {
    if (messages.size() > max) {
      throw malformed(field, messages.size() + " entries, more than " + max);
    }
    return new Entries<>(this, field, messages);
  }

  /** How one part of one entry of a list is read. */
  interface EntryReader<M, T> {
    T read(FieldReader at, M message) throws MalformedLinkMessage;
  }

  /** A list whose entries have distinct keys. */
  record Entries<M>(FieldReader at, String field, List<M> messages) {

    <K extends Comparable<? super K>, V> SortedMap<K, V> toMap(
        EntryReader<M, K> key, EntryReader<M, V> value) throws MalformedLinkMessage {
      NavigableMap<K, V> result = new TreeMap<>();
      for (int i = 0; i < messages.size(); i++) {
        FieldReader entry = at.in(field, i);
        K entryKey = key.read(entry, messages.get(i));
        if (result.containsKey(entryKey)) {
          throw at.malformed(field + "[" + i + "]", entryKey + " is listed twice");
        }
        result.put(entryKey, value.read(entry, messages.get(i)));
      }
      return result;
    }

    <T extends Comparable<? super T>> SortedSet<T> toSet(EntryReader<M, T> member)
        throws MalformedLinkMessage {
      return new TreeSet<>(toMap(member, (entry, message) -> Presence.LISTED).keySet());
    }
  }

  private enum Presence {
    LISTED
  }
}
