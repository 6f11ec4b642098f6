package io.egressgateway.node.netlink.wire;

/** Four bytes a line, as {@code nft --debug=mnl} prints them. */
final class Hexdump {
  private static final int LINE_BYTES = 4;

  private Hexdump() {}

  static String of(NetlinkMessage message) {
    Bytes bytes = message.encode();
    StringBuilder dump = new StringBuilder();
    for (int at = 0; at < bytes.length(); at++) {
      dump.append("%02x".formatted(bytes.at(at)));
      dump.append(at % LINE_BYTES == LINE_BYTES - 1 ? '\n' : ' ');
    }
    return dump.toString();
  }

  /** A written dump without what stands behind the bytes of a line. */
  static String withoutRemarks(String dump) {
    return dump.lines()
        .map(line -> line.substring(0, 3 * LINE_BYTES - 1) + "\n")
        .reduce("", String::concat);
  }
}
