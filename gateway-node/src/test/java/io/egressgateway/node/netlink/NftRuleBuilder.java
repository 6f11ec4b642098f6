package io.egressgateway.node.netlink;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFPROTO_IPV4;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFPROTO_IPV6;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ByteOrderSwap;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Masquerade;
import io.egressgateway.node.netlink.wire.nft.Membership;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.Nat;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.Notrack;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TcpOption;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a rule together in the order nft's syntax has, with the expressions that nft would generate,
 * so that {@code nft list} shows the rule as one would write it. A load leaves a value that the
 * next call compares, masks, looks up or stores. Not thread-safe.
 *
 * <p>Matches on a header begin, as nft's do, with a match on the protocol that has it, unless the
 * table's family says so already.
 */
public final class NftRuleBuilder {
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int ARPHRD_ETHER = 1;

  private final ChainId chain;
  private final List<NftExpression> expressions = new ArrayList<>();
  private Optional<String> comment = Optional.empty();

  private NftRuleBuilder(ChainId chain) {
    this.chain = chain;
  }

  /** A rule of a chain. */
  public static NftRuleBuilder in(ChainId chain) {
    return new NftRuleBuilder(chain);
  }

  /** The rule. */
  public NftRule build() {
    return new NftRule(chain, expressions, comment);
  }

  /** {@code comment "…"}. */
  public NftRuleBuilder comment(String text) {
    comment = Optional.of(text);
    return this;
  }

  /** Any expression. */
  public NftRuleBuilder add(NftExpression expression) {
    expressions.add(expression);
    return this;
  }

  // Loads

  /** {@code meta KEY}. */
  public NftRuleBuilder meta(MetaKey key) {
    return add(new Meta.Load(key, Register.R1));
  }

  /** {@code ct KEY}. */
  public NftRuleBuilder ct(CtKey key) {
    return add(new Ct.Load(key, Register.R1));
  }

  /** {@code @base,offset,length}, without a match on the protocol. */
  public NftRuleBuilder payload(PayloadField field) {
    return add(new Payload.Load(field, Register.R1));
  }

  /** {@code ip saddr} or {@code ip6 saddr}. */
  public NftRuleBuilder source(IpFamily family) {
    return family(family)
        .payload(
            switch (family) {
              case IPV4 -> PayloadField.IP_SOURCE;
              case IPV6 -> PayloadField.IP6_SOURCE;
            });
  }

  /** {@code ip daddr} or {@code ip6 daddr}. */
  public NftRuleBuilder destination(IpFamily family) {
    return family(family).payload(destinationField(family));
  }

  private static PayloadField destinationField(IpFamily family) {
    return switch (family) {
      case IPV4 -> PayloadField.IP_DESTINATION;
      case IPV6 -> PayloadField.IP6_DESTINATION;
    };
  }

  /** {@code meta mark . ip daddr}, for a map of ranges: the mark in network order. */
  public NftRuleBuilder markAndDestination(IpFamily family) {
    return family(family)
        .meta(MetaKey.MARK)
        .add(ByteOrderSwap.hton32(Register.R1))
        .add(new Payload.Load(destinationField(family), Register.word(1)));
  }

  /** {@code ether saddr}. */
  public NftRuleBuilder etherSource() {
    return meta(MetaKey.IIFTYPE).is(Bytes.u16(ARPHRD_ETHER)).payload(PayloadField.ETHER_SOURCE);
  }

  /** {@code arp saddr ip}, in a table of family arp. */
  public NftRuleBuilder arpSenderIp() {
    return payload(PayloadField.ARP_SENDER_IP);
  }

  /** {@code tcp flags}. */
  public NftRuleBuilder tcpFlags() {
    return l4proto(IPPROTO_TCP).payload(PayloadField.TCP_FLAGS);
  }

  /** {@code tcp dport}. */
  public NftRuleBuilder tcpDestinationPort() {
    return l4proto(IPPROTO_TCP).payload(PayloadField.DESTINATION_PORT);
  }

  /** {@code udp dport}. */
  public NftRuleBuilder udpDestinationPort() {
    return l4proto(IPPROTO_UDP).payload(PayloadField.DESTINATION_PORT);
  }

  /** {@code icmpv6 type}. */
  public NftRuleBuilder icmpv6Type() {
    return l4proto(IPPROTO_ICMPV6).payload(PayloadField.ICMPV6_TYPE);
  }

  // Matches

  /** {@code & MASK}. */
  public NftRuleBuilder and(Bytes mask) {
    return add(Bitwise.and(Register.R1, mask));
  }

  /** {@code & MASK} of a mark. */
  public NftRuleBuilder and(int mask) {
    return and(NftValue.mark(mask));
  }

  /** {@code & MASK | BITS} of a mark. */
  public NftRuleBuilder andOr(int mask, int bits) {
    return add(
        new Bitwise(Register.R1, Register.R1, NftValue.mark(mask & ~bits), NftValue.mark(bits)));
  }

  /** {@code == VALUE}. */
  public NftRuleBuilder is(Bytes value) {
    return add(Cmp.equal(Register.R1, value));
  }

  /** {@code == VALUE} of a mark. */
  public NftRuleBuilder is(int value) {
    return is(NftValue.mark(value));
  }

  /** {@code != VALUE}. */
  public NftRuleBuilder isNot(Bytes value) {
    return add(Cmp.notEqual(Register.R1, value));
  }

  /** {@code == @SET}. */
  public NftRuleBuilder isIn(SetReference set) {
    return add(new Lookup.Member(set, Register.R1, Membership.IN));
  }

  /** {@code != @SET}. */
  public NftRuleBuilder isNotIn(SetReference set) {
    return add(new Lookup.Member(set, Register.R1, Membership.NOT_IN));
  }

  /** {@code meta nfproto ipv4} or {@code ipv6}. */
  public NftRuleBuilder nfproto(IpFamily family) {
    int number =
        switch (family) {
          case IPV4 -> NFPROTO_IPV4;
          case IPV6 -> NFPROTO_IPV6;
        };
    return meta(MetaKey.NFPROTO).is(Bytes.u8(number));
  }

  private NftRuleBuilder family(IpFamily family) {
    return switch (chain.table().family()) {
      case INET -> nfproto(family);
      case IP, IP6 -> this;
      case ARP, NETDEV, BRIDGE ->
          throw new IllegalArgumentException(chain + " sees no " + family + " header");
    };
  }

  /** {@code meta l4proto NUMBER}. */
  public NftRuleBuilder l4proto(int protocol) {
    return meta(MetaKey.L4PROTO).is(Bytes.u8(protocol));
  }

  /** {@code iifname "NAME"}. */
  public NftRuleBuilder iifname(LinkName name) {
    return meta(MetaKey.IIFNAME).is(NftValue.linkName(name));
  }

  /** {@code oifname "NAME"}. */
  public NftRuleBuilder oifname(LinkName name) {
    return meta(MetaKey.OIFNAME).is(NftValue.linkName(name));
  }

  /** {@code ct direction original}. */
  public NftRuleBuilder ctOriginal() {
    return ct(CtKey.DIRECTION).is(Bytes.u8(0));
  }

  /** {@code ct direction reply}. */
  public NftRuleBuilder ctReply() {
    return ct(CtKey.DIRECTION).is(Bytes.u8(1));
  }

  /**
   * {@code ct state new} and its like.
   *
   * @param states bits of {@link Ct}, any of which will do
   */
  public NftRuleBuilder ctState(int states) {
    return ct(CtKey.STATE).and(states).isNot(Bytes.zeros(4));
  }

  // Statements

  /** {@code map @MAP}: the loaded value becomes what the map has for it. */
  public NftRuleBuilder map(SetReference map) {
    return add(new Lookup.Value(map, Register.R1, Register.R1));
  }

  /** {@code vmap @MAP}: goes where the map says. */
  public NftRuleBuilder vmap(SetReference map) {
    return add(new Lookup.Value(map, Register.R1, Register.VERDICT));
  }

  /** {@code meta mark set} what is loaded. */
  public NftRuleBuilder setMetaMark() {
    return add(new Meta.Store(MetaKey.MARK, Register.R1));
  }

  /** {@code meta mark set VALUE}. */
  public NftRuleBuilder setMetaMark(int value) {
    return add(new Immediate.Load(Register.R1, NftValue.mark(value))).setMetaMark();
  }

  /** {@code ct mark set} what is loaded. */
  public NftRuleBuilder setCtMark() {
    return add(new Ct.Store(CtKey.MARK, Register.R1));
  }

  /** {@code tcp option maxseg size set BYTES}; in effect only if it lowers the size. */
  public NftRuleBuilder setMaxSegmentSize(int bytes) {
    return add(new Immediate.Load(Register.R1, Bytes.be16(bytes)))
        .add(new TcpOption.Store(TcpOption.Field.MAXSEG_SIZE, Register.R1));
  }

  /** {@code snat ip to} or {@code snat ip6 to} what is loaded. */
  public NftRuleBuilder snat(IpFamily family) {
    return add(Nat.source(family, Register.R1));
  }

  /** {@code masquerade}. */
  public NftRuleBuilder masquerade() {
    return add(Masquerade.plain());
  }

  /** {@code counter}. */
  public NftRuleBuilder counter() {
    return add(Counter.ZERO);
  }

  /** {@code notrack}. */
  public NftRuleBuilder notrack() {
    return add(new Notrack());
  }

  /** {@code accept}. */
  public NftRuleBuilder accept() {
    return add(new Immediate.Decide(new Verdict.Accept()));
  }

  /** {@code drop}. */
  public NftRuleBuilder drop() {
    return add(new Immediate.Decide(new Verdict.Drop()));
  }

  /** {@code return}. */
  public NftRuleBuilder toCaller() {
    return add(new Immediate.Decide(new Verdict.Return()));
  }

  /** {@code jump CHAIN}. */
  public NftRuleBuilder jump(ChainId to) {
    return add(new Immediate.Decide(new Verdict.Jump(to.name())));
  }

  /** {@code goto CHAIN}. */
  public NftRuleBuilder goTo(ChainId to) {
    return add(new Immediate.Decide(new Verdict.Goto(to.name())));
  }
}
