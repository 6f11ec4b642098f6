package io.egressgateway.node.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ByteOrderSwap;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.FibFlag;
import io.egressgateway.node.netlink.wire.nft.FibResult;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Membership;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.Nat;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TcpOption;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import java.util.List;
import java.util.TreeSet;

/**
 * Parts of rules, in the shape that {@code nft} gives them, so that {@code nft list ruleset} reads
 * like the text in each method's comment.
 */
final class Phrase {
  private static final int IFNAME_BYTES = 16;
  private static final Bytes ARPHRD_ETHER = Bytes.u16(1);
  private static final Bytes RTN_LOCAL = Bytes.u32(2);
  private static final NftExpression DESTINATION_TYPE =
      new Fib(new TreeSet<>(List.of(FibFlag.DADDR)), FibResult.ADDRESS_TYPE, Register.R1);
  private static final int NFPROTO_IPV4 = 2;
  private static final int NFPROTO_IPV6 = 10;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_SYN = 0x02;
  private static final int TCP_ACK = 0x10;

  /** On which way of its flow a packet is. */
  enum Direction {
    ORIGINAL(0),
    REPLY(1);

    private final int number;

    Direction(int number) {
      this.number = number;
    }
  }

  /** The packets that open a TCP connection. */
  enum Handshake {
    SYN(TCP_SYN),
    SYN_ACK(TCP_SYN | TCP_ACK);

    private final int flags;

    Handshake(int flags) {
      this.flags = flags;
    }
  }

  /** Where a mark is kept: with the packet or with its connection. */
  enum Mark {
    META,
    CT
  }

  private Phrase() {}

  /** {@code iifname "…"}. */
  static List<NftExpression> arrivesBy(String link) {
    return linkNamed(MetaKey.IIFNAME, link);
  }

  /** {@code oifname "…"}. */
  static List<NftExpression> leavesBy(String link) {
    return linkNamed(MetaKey.OIFNAME, link);
  }

  private static List<NftExpression> linkNamed(MetaKey key, String link) {
    Bytes name = Bytes.of(link.getBytes(UTF_8)).padTo(IFNAME_BYTES);
    return List.of(new Meta.Load(key, Register.R1), Cmp.equal(Register.R1, name));
  }

  /** {@code ct direction …}. */
  static List<NftExpression> direction(Direction direction) {
    return List.of(
        new Ct.Load(CtKey.DIRECTION, Register.R1),
        Cmp.equal(Register.R1, Bytes.u8(direction.number)));
  }

  /** {@code ct state new}. */
  static List<NftExpression> isNew() {
    return List.of(
        new Ct.Load(CtKey.STATE, Register.R1),
        Bitwise.and(Register.R1, Bytes.u32(Ct.STATE_NEW)),
        Cmp.notEqual(Register.R1, Bytes.zeros(Integer.BYTES)));
  }

  /** {@code ct status dnat}. */
  static List<NftExpression> destinationTranslated() {
    return List.of(
        new Ct.Load(CtKey.STATUS, Register.R1),
        Bitwise.and(Register.R1, Bytes.u32(Ct.STATUS_DESTINATION_TRANSLATED)),
        Cmp.notEqual(Register.R1, Bytes.zeros(Integer.BYTES)));
  }

  /** {@code meta nfproto …}. */
  static List<NftExpression> family(IpFamily family) {
    int number =
        switch (family) {
          case IPV4 -> NFPROTO_IPV4;
          case IPV6 -> NFPROTO_IPV6;
        };
    return List.of(
        new Meta.Load(MetaKey.NFPROTO, Register.R1), Cmp.equal(Register.R1, Bytes.u8(number)));
  }

  /** {@code meta l4proto …}. */
  static List<NftExpression> protocol(int number) {
    return List.of(
        new Meta.Load(MetaKey.L4PROTO, Register.R1), Cmp.equal(Register.R1, Bytes.u8(number)));
  }

  /** {@code … dport PORT}. */
  static List<NftExpression> destinationPort(int port) {
    return List.of(
        new Payload.Load(PayloadField.DESTINATION_PORT, Register.R1),
        Cmp.equal(Register.R1, Bytes.be16(port)));
  }

  /** {@code tcp flags & (syn | ack) == …}. */
  static List<NftExpression> opening(Handshake packet) {
    return Rules.sequence(
        protocol(IPPROTO_TCP),
        List.of(
            new Payload.Load(PayloadField.TCP_FLAGS, Register.R1),
            Bitwise.and(Register.R1, Bytes.u8(TCP_SYN | TCP_ACK)),
            Cmp.equal(Register.R1, Bytes.u8(packet.flags))));
  }

  /** {@code tcp option maxseg size set …}; the kernel never raises it. */
  static List<NftExpression> limitSegment(int bytes) {
    return List.of(
        new Immediate.Load(Register.R1, Bytes.be16(bytes)),
        new TcpOption.Store(TcpOption.Field.MAXSEG_SIZE, Register.R1));
  }

  /** {@code meta mark & MASK == VALUE} or {@code ct mark & MASK == VALUE}. */
  static List<NftExpression> marked(Mark mark, int mask, int value) {
    return List.of(
        load(mark),
        Bitwise.and(Register.R1, Bytes.u32(mask)),
        Cmp.equal(Register.R1, Bytes.u32(value)));
  }

  /** {@code meta mark set ct mark}. */
  static List<NftExpression> restoreMark() {
    return List.of(load(Mark.CT), store(Mark.META));
  }

  /** {@code meta mark set ct mark & MASK}. */
  static List<NftExpression> restoreMark(int mask) {
    return List.of(load(Mark.CT), Bitwise.and(Register.R1, Bytes.u32(mask)), store(Mark.META));
  }

  /** {@code meta mark set meta mark & MASK | BITS}. */
  static List<NftExpression> rewriteMark(int mask, int bits) {
    return List.of(
        load(Mark.META),
        new Bitwise(Register.R1, Register.R1, Bytes.u32(mask), Bytes.u32(bits)),
        store(Mark.META));
  }

  /** {@code meta mark set 0} or {@code ct mark set 0}. */
  static List<NftExpression> clearMark(Mark mark) {
    return List.of(new Immediate.Load(Register.R1, Bytes.zeros(Integer.BYTES)), store(mark));
  }

  /** {@code meta mark set ct mark map @…}. */
  static List<NftExpression> markByConnection(LookupSet map) {
    return List.of(load(Mark.CT), find(map), store(Mark.META));
  }

  /** {@code meta mark @…}. */
  static List<NftExpression> markIn(LookupSet set) {
    return List.of(load(Mark.META), new Lookup.Member(reference(set), Register.R1, Membership.IN));
  }

  /** {@code ip daddr @…}. */
  static List<NftExpression> destinationIn(IpFamily family, LookupSet set) {
    return Rules.sequence(
        family(family),
        List.of(
            new Payload.Load(destination(family), Register.R1),
            new Lookup.Member(reference(set), Register.R1, Membership.IN)));
  }

  /** {@code ip saddr @…}. */
  static List<NftExpression> sourceIn(IpFamily family, LookupSet set) {
    return Rules.sequence(
        family(family),
        List.of(
            new Payload.Load(source(family), Register.R1),
            new Lookup.Member(reference(set), Register.R1, Membership.IN)));
  }

  /** {@code meta mark . ip saddr @…}. */
  static List<NftExpression> markAndSourceIn(IpFamily family, LookupSet set) {
    return Rules.sequence(
        family(family),
        List.of(
            load(Mark.META),
            new Payload.Load(source(family), Register.word(1)),
            new Lookup.Member(reference(set), Register.R1, Membership.IN)));
  }

  /** {@code fib saddr . iif oif exists}: what goes back to the source leaves where this came. */
  static List<NftExpression> cameTheWayBack() {
    return List.of(
        new Fib(
            new TreeSet<>(List.of(FibFlag.SADDR, FibFlag.IIF, FibFlag.PRESENT)),
            FibResult.OIF,
            Register.R1),
        Cmp.equal(Register.R1, Bytes.u8(1)));
  }

  /** {@code fib saddr oifname "…"}. */
  static List<NftExpression> wayBackBy(String link) {
    Bytes name = Bytes.of(link.getBytes(UTF_8)).padTo(IFNAME_BYTES);
    return List.of(
        new Fib(new TreeSet<>(List.of(FibFlag.SADDR)), FibResult.OIFNAME, Register.R1),
        Cmp.equal(Register.R1, name));
  }

  /** {@code fib daddr type local}. */
  static List<NftExpression> toThisNode() {
    return List.of(DESTINATION_TYPE, Cmp.equal(Register.R1, RTN_LOCAL));
  }

  /** {@code fib daddr type != local}. */
  static List<NftExpression> toElsewhere() {
    return List.of(DESTINATION_TYPE, Cmp.notEqual(Register.R1, RTN_LOCAL));
  }

  /** {@code meta mark set ip saddr map @…}. */
  static List<NftExpression> markBySource(IpFamily family, LookupSet map) {
    return Rules.sequence(
        family(family),
        List.of(new Payload.Load(source(family), Register.R1), find(map), store(Mark.META)));
  }

  /** {@code ct mark set meta mark . ip daddr map @…}. */
  static List<NftExpression> markByClassAndDestination(IpFamily family, LookupSet map) {
    return Rules.sequence(
        family(family),
        List.of(
            load(Mark.META),
            ByteOrderSwap.hton32(Register.R1),
            new Payload.Load(destination(family), Register.word(1)),
            find(map),
            store(Mark.CT)));
  }

  /** {@code ct mark set ether saddr map @…}. */
  static List<NftExpression> markBySender(LookupSet map) {
    return List.of(
        new Meta.Load(MetaKey.IIFTYPE, Register.R1),
        Cmp.equal(Register.R1, ARPHRD_ETHER),
        new Payload.Load(PayloadField.ETHER_SOURCE, Register.R1),
        find(map),
        store(Mark.CT));
  }

  /** {@code snat ip to ip saddr}: a translation that changes nothing and forbids all others. */
  static List<NftExpression> keepSource(IpFamily family) {
    return Rules.sequence(
        family(family),
        List.of(new Payload.Load(source(family), Register.R1), Nat.source(family, Register.R1)));
  }

  /** {@code snat ip to ct mark map @…}. */
  static List<NftExpression> translateByConnection(IpFamily family, LookupSet map) {
    return List.of(load(Mark.CT), find(map), Nat.source(family, Register.R1));
  }

  /** {@code snat ip to meta mark & MASK | BITS map @…}: the tunnel header's number. */
  static List<NftExpression> translateByMark(IpFamily family, LookupSet map, int mask, int bits) {
    return List.of(
        load(Mark.META),
        new Bitwise(Register.R1, Register.R1, Bytes.u32(mask), Bytes.u32(bits)),
        find(map),
        Nat.source(family, Register.R1));
  }

  /** {@code counter drop}. */
  static List<NftExpression> drop() {
    return List.of(Counter.ZERO, new Immediate.Decide(Verdict.drop()));
  }

  static List<NftExpression> decide(Verdict verdict) {
    return List.of(new Immediate.Decide(verdict));
  }

  private static NftExpression load(Mark mark) {
    return switch (mark) {
      case META -> new Meta.Load(MetaKey.MARK, Register.R1);
      case CT -> new Ct.Load(CtKey.MARK, Register.R1);
    };
  }

  private static NftExpression store(Mark mark) {
    return switch (mark) {
      case META -> new Meta.Store(MetaKey.MARK, Register.R1);
      case CT -> new Ct.Store(CtKey.MARK, Register.R1);
    };
  }

  private static NftExpression find(LookupSet map) {
    return new Lookup.Value(reference(map), Register.R1, Register.R1);
  }

  private static SetReference reference(LookupSet set) {
    return SetReference.named(Ruleset.TABLE.set(set.setName()));
  }

  private static PayloadField source(IpFamily family) {
    return switch (family) {
      case IPV4 -> PayloadField.IP_SOURCE;
      case IPV6 -> PayloadField.IP6_SOURCE;
    };
  }

  private static PayloadField destination(IpFamily family) {
    return switch (family) {
      case IPV4 -> PayloadField.IP_DESTINATION;
      case IPV6 -> PayloadField.IP6_DESTINATION;
    };
  }
}
