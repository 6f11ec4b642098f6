package io.egressgateway.node.netlink.wire.nft;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the kernel takes as the name of a table, chain or set. */
final class NftName {
  /** NFT_NAME_MAXLEN less the NUL. */
  private static final int BYTES_MAX = 255;

  private NftName() {}

  static String check(String name) {
    int length = name.getBytes(UTF_8).length;
    if (length < 1 || length > BYTES_MAX || name.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "'%s' is no nf_tables name; it takes 1 to %d bytes".formatted(name, BYTES_MAX));
    }
    return name;
  }
}
