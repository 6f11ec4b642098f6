package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.kernel.LookupSet.Field;
import io.egressgateway.node.kernel.LookupSet.Match;
import io.egressgateway.node.netlink.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of elements as {@code nft} writes them. */
final class ElementText {
  private ElementText() {}

  static String of(LookupSet set, Bytes key) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    for (Field field : set.key()) {
      Bytes part = key.slice(at, at + field.bytes());
      boolean swapped = field == Field.MARK && set.match() == Match.RANGES;
      fields.add(swapped ? mark(part, ByteOrder.BIG_ENDIAN) : of(field, part));
      at += field.bytes();
    }
    return String.join(" . ", fields);
  }

  static String of(Field field, Bytes value) {
    return switch (field) {
      case IPV4, IPV6 -> IpAddress.fromBytes(value.toArray()).toString();
      case ETHER -> MacAddress.fromBytes(value.toArray()).toString();
      case MARK -> mark(value, ByteOrder.nativeOrder());
    };
  }

  private static String mark(Bytes value, ByteOrder order) {
    return Marks.hex(ByteBuffer.wrap(value.toArray()).order(order).getInt());
  }
}
