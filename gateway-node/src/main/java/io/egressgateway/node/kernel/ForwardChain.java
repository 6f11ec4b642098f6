package io.egressgateway.node.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance;
import io.egressgateway.node.kernel.KernelObject.ForwardAcceptance.Place;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ByteOrderSwap;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.ChainPolicy;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Masquerade;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.Nat;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.Notrack;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.Range;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.TcpOption;
import io.egressgateway.node.netlink.wire.nft.Unknown;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.nft.Xt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The chain FORWARD of iptables, which Docker and others close with {@code -P FORWARD DROP}: no
 * chain of ours can take that back, so a rule of ours stands in it. It stands behind all others, so
 * that network policies of the CNI have been heard before, and only in front of a last rule that
 * lets nothing pass. Others may append rules that stop nothing: Calico puts its own back to the
 * end, too. It has the form that iptables itself writes: {@code -m connmark --mark
 * 0x26000000/0xfe000000 -j ACCEPT}; anything else would make {@code iptables-save} fail.
 *
 * @param chain as the kernel has it
 * @param rules in order
 */
public record ForwardChain(IpFamily family, ChainEntry chain, List<RuleEntry> rules) {
  private static final String COMMENT = "egressgateway";
  static final Set<String> TARGETS_THAT_END = Set.of("REJECT", "DROP");

  private static final String TARGET_MARK = "MARK";
  private static final String MATCH = "connmark";
  private static final int MATCH_REVISION = 1;

  public ForwardChain {
    rules = List.copyOf(rules);
  }

  /** Where iptables keeps it. */
  public static ChainId id(IpFamily family) {
    NftFamily nftFamily =
        switch (family) {
          case IPV4 -> NftFamily.IP;
          case IPV6 -> NftFamily.IP6;
        };
    return new TableId(nftFamily, "filter").chain("FORWARD");
  }

  /** The rule that lets connections of ours pass. */
  public NftRule acceptance(int mark, int mask) {
    return NftRule.of(
            chain.chain().id(),
            connections(mark, mask),
            Counter.ZERO,
            new Immediate.Decide(Verdict.accept()))
        .withComment(COMMENT);
  }

  /** Whether it drops what none of its rules accepts. */
  public boolean isClosed() {
    Optional<BaseChain> base = chain.chain().base().filter(b -> b.hook() == Hook.FORWARD);
    return base.isPresent() && (base.get().policy() == ChainPolicy.DROP || end().isPresent());
  }

  /** Our rule, by what it accepts and where it stands; empty if there is none. */
  public Optional<ForwardAcceptance> found() {
    List<RuleEntry> ours = ours();
    Place place = ours.size() == 1 && isLast(ours.getFirst()) ? Place.LAST : Place.ELSEWHERE;
    return ours.stream().map(rule -> found(rule, place)).findFirst();
  }

  /** Whether no rule behind it has a say in what becomes of a packet. */
  private boolean isLast(RuleEntry rule) {
    int at = rules.indexOf(rule);
    int end = end().orElse(rules.size());
    return at < end && rules.subList(at + 1, end).stream().noneMatch(ForwardChain::mayStop);
  }

  private ForwardAcceptance found(RuleEntry rule, Place place) {
    Bytes info = match(rule).map(Xt::info).orElse(Bytes.zeros(2 * Integer.BYTES));
    return new ForwardAcceptance(family, place, word(info, 0), word(info, Integer.BYTES));
  }

  private static int word(Bytes info, int at) {
    return ByteBuffer.wrap(info.slice(at, at + Integer.BYTES).toArray())
        .order(ByteOrder.nativeOrder())
        .getInt();
  }

  /** struct xt_connmark_mtinfo1: mark, mask, invert. */
  private static Xt connections(int mark, int mask) {
    return new Xt(
        Xt.Kind.MATCH,
        MATCH,
        MATCH_REVISION,
        Bytes.concat(List.of(Bytes.u32(mark), Bytes.u32(mask), Bytes.u32(0))));
  }

  /** Our rules in it, wherever they stand. */
  public List<RuleEntry> ours() {
    return rules.stream().filter(ForwardChain::isOurs).toList();
  }

  /** The last rule, if nothing gets past it. */
  public Optional<RuleEntry> lastWord() {
    return end().stream().mapToObj(rules::get).findFirst();
  }

  private OptionalInt end() {
    return IntStream.range(0, rules.size()).filter(i -> endsAll(rules.get(i))).findFirst();
  }

  /** Whatever marks it is for: those may have been others once. */
  private static boolean isOurs(RuleEntry entry) {
    return match(entry).isPresent()
        && (entry.rule().comment().equals(Optional.of(COMMENT))
            || xt(entry, "comment").filter(ForwardChain::isOurComment).isPresent());
  }

  /** As iptables writes it that keeps comments in a match of their own. */
  private static boolean isOurComment(Xt comment) {
    return new String(comment.info().toArray(), UTF_8).startsWith(COMMENT + '\0');
  }

  private static Optional<Xt> match(RuleEntry entry) {
    return xt(entry, MATCH)
        .filter(xt -> xt.revision() == MATCH_REVISION && xt.info().length() >= 2 * Integer.BYTES);
  }

  private static Optional<Xt> xt(RuleEntry entry, String name) {
    return entry.rule().expressions().stream()
        .filter(Xt.class::isInstance)
        .map(Xt.class::cast)
        .filter(xt -> xt.kind() == Xt.Kind.MATCH && xt.name().equals(name))
        .findFirst();
  }

  /** Whether a packet may be stopped by it, or by what it leads to. */
  private static boolean mayStop(RuleEntry entry) {
    return !entry.rule().expressions().stream().allMatch(ForwardChain::isHarmless);
  }

  private static boolean isHarmless(NftExpression expression) {
    return switch (expression) {
      case Immediate.Decide(var verdict) -> verdict.equals(Verdict.accept());
      case Immediate.Load ignored -> true;
      case Lookup.Member ignored -> true;
      case Lookup.Value value -> !value.into().equals(Register.VERDICT);
      case Xt xt -> xt.kind() == Xt.Kind.MATCH || xt.name().equals(TARGET_MARK);
      case Bitwise ignored -> true;
      case ByteOrderSwap ignored -> true;
      case Cmp ignored -> true;
      case Counter ignored -> true;
      case Ct ignored -> true;
      case Fib ignored -> true;
      case Meta ignored -> true;
      case Payload ignored -> true;
      case Range ignored -> true;
      case Masquerade ignored -> false;
      case Nat ignored -> false;
      case Notrack ignored -> false;
      case TcpOption ignored -> false;
      case Unknown ignored -> false;
    };
  }

  private static boolean endsAll(RuleEntry entry) {
    List<NftExpression> effects =
        entry.rule().expressions().stream().filter(e -> !(e instanceof Counter)).toList();
    return effects.size() == 1
        && switch (effects.getFirst()) {
          case Immediate.Decide(var verdict) -> verdict.equals(Verdict.drop());
          case Xt xt -> xt.kind() == Xt.Kind.TARGET && TARGETS_THAT_END.contains(xt.name());
          case NftExpression other -> other.kernelName().equals("reject");
        };
  }
}
