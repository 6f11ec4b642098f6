package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpRange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Addresses that no machine can have as its own on a network, so that none can be an egress IP. */
final class NobodysAddresses {

  /**
   * This network, loopback, multicast, broadcast; unspecified, loopback, IPv4-mapped, multicast.
   */
  private static final List<Cidr> BLOCKS =
      Stream.of(
              "0.0.0.0/8",
              "127.0.0.0/8",
              "224.0.0.0/4",
              "255.255.255.255/32",
              "::/128",
              "::1/128",
              "::ffff:0:0/96",
              "ff00::/8")
          .map(Cidr::of)
          .toList();

  private NobodysAddresses() {}

  /** A block of such addresses that the range has some of. */
  static Optional<Cidr> in(IpRange range) {
    return BLOCKS.stream().filter(block -> block.range().overlaps(range)).findFirst();
  }
}
