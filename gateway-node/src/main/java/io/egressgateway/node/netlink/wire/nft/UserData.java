package io.egressgateway.node.netlink.wire.nft;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.node.netlink.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What nft keeps beside an object, opaque to the kernel: comments and the byte order of a set's
 * key.
 *
 * <pre>
 *  | type (u8) | length (u8) | value |  repeated; texts end with a NUL, numbers are the machine's u32
 * </pre>
 *
 * <p>libnftnl, include/libnftnl/udata.h; the types count per object.
 */
final class UserData {
  /** Longest comment nft itself takes: NFTNL_UDATA_COMMENT_MAXLEN. */
  private static final int COMMENT_BYTES_MAX = 128;

  private final List<Bytes> parts = new ArrayList<>();

  UserData() {}

  UserData putU32(int type, int value) {
    return put(type, Bytes.u32(value));
  }

  UserData putComment(int type, String comment) {
    byte[] text = comment.getBytes(UTF_8);
    if (text.length > COMMENT_BYTES_MAX || comment.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "comment '%s' has %d bytes, the most is %d"
              .formatted(comment, text.length, COMMENT_BYTES_MAX));
    }
    return put(type, Bytes.of(text).padTo(text.length + 1));
  }

  private UserData put(int type, Bytes value) {
    parts.add(Bytes.u8(type));
    parts.add(Bytes.u8(value.length()));
    parts.add(value);
    return this;
  }

  Bytes toBytes() {
    return Bytes.concat(parts);
  }

  /** The text of a type; empty for user data of other programs too, which may have any form. */
  static Optional<String> comment(Optional<Bytes> userData, int type) {
    Bytes bytes = userData.orElse(Bytes.EMPTY);
    int at = 0;
    while (at + 2 <= bytes.length()) {
      int end = at + 2 + bytes.at(at + 1);
      if (end > bytes.length()) {
        return Optional.empty();
      }
      if (bytes.at(at) == type && end > at + 2) {
        return Optional.of(new String(bytes.slice(at + 2, end - 1).toArray(), UTF_8));
      }
      at = end;
    }
    return Optional.empty();
  }
}
