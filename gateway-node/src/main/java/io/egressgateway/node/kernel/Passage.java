package io.egressgateway.node.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is known of the first packet of a connection of ours while it is forwarded. It is one of TCP
 * to port 443: of others a firewall may think otherwise.
 *
 * @param in the link that it came by
 * @param out the link that it leaves by
 * @param source of the packet, where that is known
 * @param numbers by which its connection is known
 */
public record Passage(
    IpFamily family, Port in, Port out, Optional<IpAddress> source, KernelNumbers numbers) {
  private static final int NAME_BYTES = 16;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int IPPROTO_TCP = 6;
  private static final int HTTPS = 443;
  private static final int NFPROTO_IPV4 = 2;
  private static final int NFPROTO_IPV6 = 10;

  /** IPS_SRC_NAT and IPS_DST_NAT: the packet is not translated yet. */
  private static final int TRANSLATED = 0x10 | 0x20;

  /** A link. */
  public record Port(String name, int index) {}

  /**
   * What a register holds.
   *
   * @param value as long as {@code known}; 0 where nothing is known
   * @param known a bit for each that is
   */
  record Content(Bytes value, Bytes known) {
    static Content of(Bytes value) {
      byte[] known = new byte[value.length()];
      Arrays.fill(known, (byte) 0xff);
      return new Content(value, Bytes.of(known));
    }

    boolean isKnown() {
      return equals(of(value));
    }
  }

  Optional<Content> meta(MetaKey key) {
    return switch (key) {
      case IIFNAME -> Optional.of(name(in));
      case OIFNAME -> Optional.of(name(out));
      case IIF -> Optional.of(Content.of(Bytes.u32(in.index())));
      case OIF -> Optional.of(Content.of(Bytes.u32(out.index())));
      case NFPROTO ->
          Optional.of(
              Content.of(
                  Bytes.u8(
                      switch (family) {
                        case IPV4 -> NFPROTO_IPV4;
                        case IPV6 -> NFPROTO_IPV6;
                      })));
      case PROTOCOL ->
          Optional.of(
              Content.of(
                  Bytes.be16(
                      switch (family) {
                        case IPV4 -> ETHERTYPE_IPV4;
                        case IPV6 -> ETHERTYPE_IPV6;
                      })));
      case L4PROTO -> Optional.of(Content.of(Bytes.u8(IPPROTO_TCP)));
      case MARK, IIFTYPE, OIFTYPE, PKTTYPE -> Optional.empty();
    };
  }

  private static Content name(Port port) {
    return Content.of(Bytes.of(port.name().getBytes(US_ASCII)).padTo(NAME_BYTES));
  }

  Optional<Content> ct(CtKey key) {
    return switch (key) {
      case STATE -> Optional.of(Content.of(Bytes.u32(Ct.STATE_NEW)));
      case DIRECTION -> Optional.of(Content.of(Bytes.u8(0)));
      case STATUS -> Optional.of(new Content(Bytes.u32(0), Bytes.u32(TRANSLATED)));
      case MARK -> Optional.of(new Content(Bytes.u32(numbers.mark()), Bytes.u32(numbers.mask())));
    };
  }

  Optional<Content> payload(PayloadField field) {
    if (field.equals(PayloadField.DESTINATION_PORT)) {
      return Optional.of(Content.of(Bytes.be16(HTTPS)));
    }
    PayloadField ofSource =
        switch (family) {
          case IPV4 -> PayloadField.IP_SOURCE;
          case IPV6 -> PayloadField.IP6_SOURCE;
        };
    return field.equals(ofSource)
        ? source.map(address -> Content.of(Bytes.of(address.toBytes())))
        : Optional.empty();
  }
}
