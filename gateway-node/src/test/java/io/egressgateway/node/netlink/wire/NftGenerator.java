package io.egressgateway.node.netlink.wire;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ByteOrderSwap;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.ChainPolicy;
import io.egressgateway.node.netlink.wire.nft.ChainType;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.CmpOperation;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.ElementFlag;
import io.egressgateway.node.netlink.wire.nft.ElementLifetime;
import io.egressgateway.node.netlink.wire.nft.ElementValue;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.FibFlag;
import io.egressgateway.node.netlink.wire.nft.FibResult;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Masquerade;
import io.egressgateway.node.netlink.wire.nft.Membership;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.Nat;
import io.egressgateway.node.netlink.wire.nft.NatFlag;
import io.egressgateway.node.netlink.wire.nft.NatType;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.Notrack;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadBase;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Range;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.SetKind;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableFlag;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.TcpOption;
import io.egressgateway.node.netlink.wire.nft.Unknown;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** nf_tables values chosen by a seed. */
final class NftGenerator {
  private final Generator any;

  NftGenerator(long seed) {
    any = new Generator(seed);
  }

  private TableId tableId() {
    return new TableId(any.anyOf(NftFamily.class), any.text());
  }

  NftTable table() {
    return new NftTable(tableId(), any.someOf(TableFlag.class), any.maybe(any::text));
  }

  NftChain chain() {
    NftFamily family = any.below(4) == 0 ? NftFamily.NETDEV : NftFamily.INET;
    ChainId id = new TableId(family, any.text()).chain(any.text());
    return new NftChain(id, any.maybe(() -> baseChain(family)));
  }

  private BaseChain baseChain(NftFamily family) {
    if (family == NftFamily.NETDEV) {
      return BaseChain.egress(any.text(), any.anyInt());
    }
    Hook hook = any.anyOf(Hook.class);
    return new BaseChain(
        any.anyOf(ChainType.class),
        hook == Hook.EGRESS ? Hook.FORWARD : hook,
        any.anyInt(),
        any.anyOf(ChainPolicy.class),
        Optional.empty());
  }

  NftRule rule() {
    List<NftExpression> expressions = new ArrayList<>();
    int count = any.below(12);
    for (int i = 0; i < count; i++) {
      expressions.add(expression());
    }
    return new NftRule(tableId().chain(any.text()), expressions, any.maybe(any::text));
  }

  private Register register() {
    return Register.word(any.below(16));
  }

  private SetReference setReference() {
    return new SetReference(
        any.text(), any.below(2) == 0 ? OptionalInt.empty() : OptionalInt.of(any.index()));
  }

  private Bytes value() {
    return any.bytes(1 + any.below(16));
  }

  private NftExpression expression() {
    return switch (any.below(20)) {
      case 0 -> new Meta.Load(any.anyOf(MetaKey.class), register());
      case 1 -> new Meta.Store(any.anyOf(MetaKey.class), register());
      case 2 -> new Ct.Load(any.anyOf(CtKey.class), register());
      case 3 -> new Ct.Store(any.anyOf(CtKey.class), register());
      case 4 ->
          new Payload.Load(
              new PayloadField(any.anyOf(PayloadBase.class), any.below(100), 1 + any.below(16)),
              register());
      case 5 -> new Cmp(any.anyOf(CmpOperation.class), register(), value());
      case 6 -> {
        Bytes mask = value();
        yield new Bitwise(register(), register(), mask, any.bytes(mask.length()));
      }
      case 7 -> new Range(any.anyOf(Membership.class), register(), value(), value());
      case 8 -> new Lookup.Member(setReference(), register(), any.anyOf(Membership.class));
      case 9 -> new Lookup.Value(setReference(), register(), register());
      case 10 -> new Immediate.Load(register(), value());
      case 11 -> new Immediate.Decide(verdict());
      case 12 ->
          new Nat(
              any.anyOf(NatType.class),
              any.anyOf(IpFamily.class),
              register(),
              any.maybe(this::register),
              any.someOf(NatFlag.class));
      case 13 -> new Masquerade(any.someOf(NatFlag.class));
      case 14 -> new Counter(any.u32(), any.u32() << 20);
      case 15 -> new Notrack();
      case 16 ->
          new TcpOption.Store(
              new TcpOption.Field(any.below(256), any.below(40), 1 + any.below(4)), register());
      case 17 ->
          new ByteOrderSwap(any.anyOf(ByteOrderSwap.Direction.class), register(), register(), 4, 4);
      case 18 -> new Fib(any.someOf(FibFlag.class), any.anyOf(FibResult.class), register());
      default -> new Unknown("limit", Bytes.EMPTY);
    };
  }

  private Verdict verdict() {
    return switch (any.below(7)) {
      case 0 -> new Verdict.Accept();
      case 1 -> new Verdict.Drop();
      case 2 -> new Verdict.Return();
      case 3 -> new Verdict.Continue();
      case 4 -> new Verdict.Jump(any.text());
      case 5 -> new Verdict.Goto(any.text());
      default -> new Verdict.Other(2 + any.below(4));
    };
  }

  NftSet set() {
    SetKind kind =
        switch (any.below(3)) {
          case 0 -> new SetKind.Members();
          case 1 -> new SetKind.MapTo(types());
          default -> new SetKind.VerdictMap();
        };
    return new NftSet(
        tableId().set(any.text()),
        types(),
        kind,
        any.someOf(SetFlag.class),
        any.below(2) == 0 ? OptionalInt.empty() : OptionalInt.of(any.index()),
        any.maybe(this::duration),
        any.maybe(() -> Counter.ZERO),
        any.maybe(any::text));
  }

  private List<NftDataType> types() {
    List<NftDataType> types = new ArrayList<>();
    for (int i = any.below(3); i >= 0; i--) {
      types.add(any.anyOf(NftDataType.class));
    }
    return types;
  }

  private Duration duration() {
    return Duration.ofMillis(1 + any.u32());
  }

  List<SetElement> elements() {
    List<SetElement> elements = new ArrayList<>();
    int count = any.below(5);
    for (int i = 0; i < count; i++) {
      elements.add(element());
    }
    return elements;
  }

  private SetElement element() {
    ElementValue value =
        switch (any.below(3)) {
          case 0 -> new ElementValue.None();
          case 1 -> new ElementValue.Value(value());
          default -> new ElementValue.Decision(verdict());
        };
    SortedSet<ElementFlag> flags = new TreeSet<>();
    Optional<Bytes> keyEnd = any.maybe(this::value);
    if (any.below(4) == 0) {
      flags.add(ElementFlag.INTERVAL_END);
    }
    return new SetElement(
        value(),
        keyEnd,
        value,
        flags,
        new ElementLifetime(any.maybe(this::duration), any.maybe(this::duration)),
        Optional.empty(),
        any.maybe(any::text));
  }
}
