package io.egressgateway.node.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.FibFlag;
import io.egressgateway.node.netlink.wire.nft.FibResult;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a packet of a connection of ours while it is forwarded. The connection is one of
 * TCP to port 443: of others a firewall may think otherwise.
 *
 * @param in the link that it came by
 * @param out the link that it leaves by
 * @param source of the packet, where that is known
 * @param leg which part of its way it is on
 * @param numbers by which its connection is known
 */
public record Passage(
    IpFamily family,
    Port in,
    Port out,
    Optional<IpAddress> source,
    Leg leg,
    KernelNumbers numbers) {
  private static final int NAME_BYTES = 16;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int IPPROTO_TCP = 6;
  private static final int HTTPS = 443;
  private static final int NFPROTO_IPV4 = 2;
  private static final int NFPROTO_IPV6 = 10;

  /** A part of a connection's way. */
  public enum Leg {
    /** The first packet, from a pod of this node. */
    FROM_POD,
    /** The first packet, which a pod of another node sent through the tunnel. */
    OUT_OF_TUNNEL,
    /** A server's answer, which came through the tunnel. */
    ANSWER;

    /** No route leads by the link that it came by to where it came from. */
    boolean isOffRoute() {
      return this != FROM_POD;
    }
  }

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
      case STATE ->
          Optional.of(
              Content.of(Bytes.u32(leg == Leg.ANSWER ? Ct.STATE_ESTABLISHED : Ct.STATE_NEW)));
      case DIRECTION -> Optional.of(Content.of(Bytes.u8(leg == Leg.ANSWER ? 1 : 0)));
      // The destination is none that others have chosen.
      case STATUS ->
          Optional.of(new Content(Bytes.u32(0), Bytes.u32(Ct.STATUS_DESTINATION_TRANSLATED)));
      case MARK -> Optional.of(new Content(Bytes.u32(numbers.mark()), Bytes.u32(numbers.mask())));
    };
  }

  Optional<Content> payload(PayloadField field) {
    PayloadField ofServer =
        leg == Leg.ANSWER ? PayloadField.SOURCE_PORT : PayloadField.DESTINATION_PORT;
    if (field.equals(ofServer)) {
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

  /** What a routing table says of the way back: no link, and that there is none, is a word of 0. */
  Optional<Content> fib(Fib fib) {
    boolean back =
        fib.result() == FibResult.OIF
            && fib.flags().containsAll(Set.of(FibFlag.SADDR, FibFlag.IIF));
    return back && leg.isOffRoute() ? Optional.of(Content.of(Bytes.u32(0))) : Optional.empty();
  }
}
