package io.egressgateway.node.agent;

import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.LookupSet.Match;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.ElementValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Elements as the kernel takes them. A range of one field is two entries there: its first value,
 * and the first value behind it, which is missing when the range reaches the end.
 */
final class ElementCodec {
  private static final int OCTET_MAX = 0xff;

  private ElementCodec() {}

  static List<SetElement> encode(Collection<Element> elements) {
    List<SetElement> encoded = new ArrayList<>();
    for (Element element : elements) {
      Element.Key key = element.key();
      SetElement start =
          element.set().value().isPresent()
              ? SetElement.of(key.from(), element.value())
              : SetElement.of(key.from());
      if (isPlainRange(element.set())) {
        encoded.add(start);
        following(key.to()).map(SetElement::intervalEnd).ifPresent(encoded::add);
      } else {
        encoded.add(element.set().match() == Match.RANGES ? start.through(key.to()) : start);
      }
    }
    return encoded;
  }

  /** Keys of a set of no plain ranges, as the kernel is asked for them. */
  static List<SetElement> keys(Collection<Element.Key> keys) {
    return keys.stream()
        .map(
            key ->
                key.set().match() == Match.RANGES
                    ? SetElement.of(key.from()).through(key.to())
                    : SetElement.of(key.from()))
        .toList();
  }

  static List<Element> decode(LookupSet set, Collection<SetElement> elements) {
    if (isPlainRange(set)) {
      return decodeRanges(set, elements);
    }
    return elements.stream()
        .map(
            element ->
                new Element(
                    new Element.Key(set, element.key(), element.keyEnd().orElse(element.key())),
                    value(element)))
        .toList();
  }

  private static List<Element> decodeRanges(LookupSet set, Collection<SetElement> elements) {
    // An end and a start at the same place belong to two ranges side by side.
    List<SetElement> sorted =
        elements.stream()
            .sorted(
                Comparator.comparing(SetElement::key)
                    .thenComparingInt(element -> element.isIntervalEnd() ? 0 : 1))
            .toList();
    List<Element> decoded = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      SetElement start = sorted.get(i);
      if (start.isIntervalEnd()) {
        continue;
      }
      Bytes last =
          i + 1 < sorted.size()
              ? preceding(sorted.get(i + 1).key())
              : filled(start.key().length(), OCTET_MAX);
      decoded.add(new Element(new Element.Key(set, start.key(), last), value(start)));
    }
    return decoded;
  }

  /** Whether the kernel keeps the ends of the set's ranges as elements. */
  static boolean isPlainRange(LookupSet set) {
    return set.match() == Match.RANGES && set.key().size() == 1;
  }

  private static Bytes value(SetElement element) {
    return element.value() instanceof ElementValue.Value(var bytes) ? bytes : Bytes.EMPTY;
  }

  private static Optional<Bytes> following(Bytes number) {
    byte[] octets = number.toArray();
    for (int i = octets.length - 1; i >= 0; i--) {
      octets[i]++;
      if (octets[i] != 0) {
        return Optional.of(Bytes.of(octets));
      }
    }
    return Optional.empty();
  }

  private static Bytes preceding(Bytes number) {
    byte[] octets = number.toArray();
    for (int i = octets.length - 1; i >= 0; i--) {
      octets[i]--;
      if (octets[i] != (byte) OCTET_MAX) {
        return Bytes.of(octets);
      }
    }
    return Bytes.of(octets);
  }

  private static Bytes filled(int length, int octet) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, (byte) octet);
    return Bytes.of(octets);
  }
}
