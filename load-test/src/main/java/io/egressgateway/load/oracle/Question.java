package io.egressgateway.load.oracle;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.frame.ArpFrame;
import io.egressgateway.node.netlink.wire.frame.NeighbourSolicitation;
import java.util.OptionalLong;

/**
 * Who has an egress IP? By ARP or by neighbour discovery, as the address is.
 *
 * <p>Each question has a number of its own, in the MAC that the message inside the frame names as
 * the sender's: Linux sends the answer's frame there. The router, which has another MAC, does not
 * take it, so that it believes what it believed.
 *
 * @param number from 0 to {@value #NUMBERS_MAX}; greater ones wrap around
 */
record Question(IpAddress address, long number) {
  private static final long NUMBERS_MAX = 0xffff_ffffL;
  private static final long MAC = 0x02fe_0000_0000L;
  private static final int ETHER_SOURCE = 6;
  private static final int MAC_BYTES = 6;

  /** Nobody's. Unlike a question from nobody at all, which is answered to everybody. */
  private static final long ASKER_LOW = 0xffff_0000_0000_fffeL;

  /**
   * The frame. Its own header has the router's MAC, so that the switch learns nothing wrong. By ARP
   * it claims no IP, so that nobody's table changes; by neighbour discovery there is one entry, of
   * an address on the target's network that nobody has.
   */
  Bytes frame(MacAddress router) {
    MacAddress asker = new MacAddress(MAC | (number & NUMBERS_MAX));
    byte[] frame =
        switch (address) {
          case Ipv4Address ip -> ArpFrame.probe(asker, ip).encode().toArray();
          case Ipv6Address ip ->
              new NeighbourSolicitation(asker, new Ipv6Address(ip.high(), ASKER_LOW), ip)
                  .encode()
                  .toArray();
        };
    System.arraycopy(router.toBytes(), 0, frame, ETHER_SOURCE, MAC_BYTES);
    return Bytes.of(frame);
  }

  /** The number of the question that a frame to this MAC answers; empty if it answers none. */
  static OptionalLong answeredBy(MacAddress destination) {
    long number = destination.bits() ^ MAC;
    return number >= 0 && number <= NUMBERS_MAX ? OptionalLong.of(number) : OptionalLong.empty();
  }
}
