package io.egressgateway.node.kernel;

import io.egressgateway.node.kernel.Passage.Content;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ByteOrderSwap;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.ElementValue;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Masquerade;
import io.egressgateway.node.netlink.wire.nft.Membership;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.Nat;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.Notrack;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.Range;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.TcpOption;
import io.egressgateway.node.netlink.wire.nft.Unknown;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import io.egressgateway.node.netlink.wire.nft.Xt;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a packet in somebody else's chains, as far as it follows from what is known of
 * it. It is said to be stopped only if that is certain: what a rule asks that is not known here may
 * be so or not.
 *
 * @param rules of one table, by chain, in order
 * @param sets elements by the set's name; a set that is absent may hold anything
 */
record ForwardTrial(
    Map<String, List<NftRule>> rules, Map<String, List<SetElement>> sets, Passage passage) {
  /** The kernel allows as many. */
  private static final int DEPTH_MAX = 16;

  enum Fate {
    PASSES,
    MAY_PASS,
    STOPPED,
    /** To the rule behind the jump, or to the base chain's policy. */
    GOES_ON
  }

  private enum Match {
    YES,
    NO,
    MAYBE
  }

  /** A rule's verdict, and whether the packet comes to it. */
  private record Effect(Match match, Verdict verdict) {}

  private static final Verdict UNFORESEEABLE = new Verdict.Other(0);

  Fate of(String chain) {
    return of(chain, 0);
  }

  private Fate of(String chain, int depth) {
    List<NftRule> inOrder = rules.get(chain);
    if (inOrder == null || depth > DEPTH_MAX) {
      return Fate.MAY_PASS;
    }
    for (NftRule rule : inOrder) {
      Effect effect = new Reading().of(rule);
      if (effect.match() != Match.NO) {
        Optional<Fate> fate = fate(effect, depth);
        if (fate.isPresent()) {
          return fate.get();
        }
      }
    }
    return Fate.GOES_ON;
  }

  /** Empty: on to the next rule. */
  private Optional<Fate> fate(Effect effect, int depth) {
    boolean certain = effect.match() == Match.YES;
    return switch (effect.verdict()) {
      case Verdict.Continue ignored -> Optional.empty();
      case Verdict.Accept ignored -> Optional.of(certain ? Fate.PASSES : Fate.MAY_PASS);
      case Verdict.Drop ignored -> certain ? Optional.of(Fate.STOPPED) : Optional.empty();
      case Verdict.Return ignored -> Optional.of(certain ? Fate.GOES_ON : Fate.MAY_PASS);
      case Verdict.Other ignored -> Optional.of(Fate.MAY_PASS);
      case Verdict.Jump(String target) -> behind(of(target, depth + 1), certain);
      case Verdict.Goto(String target) -> {
        Fate there = of(target, depth + 1);
        yield there == Fate.GOES_ON
            ? Optional.of(certain ? Fate.GOES_ON : Fate.MAY_PASS)
            : behind(there, certain);
      }
    };
  }

  private static Optional<Fate> behind(Fate there, boolean certain) {
    return switch (there) {
      case PASSES -> Optional.of(certain ? Fate.PASSES : Fate.MAY_PASS);
      case MAY_PASS -> Optional.of(Fate.MAY_PASS);
      case STOPPED -> certain ? Optional.of(Fate.STOPPED) : Optional.empty();
      case GOES_ON -> Optional.empty();
    };
  }

  /** One rule, expression by expression. */
  private final class Reading {
    private final Map<Register, Content> registers = new HashMap<>();
    private Match match = Match.YES;

    Effect of(NftRule rule) {
      for (NftExpression expression : rule.expressions()) {
        Optional<Verdict> verdict = step(expression);
        if (match == Match.NO || verdict.isPresent()) {
          return new Effect(match, verdict.orElse(new Verdict.Continue()));
        }
      }
      return new Effect(match, new Verdict.Continue());
    }

    private Optional<Verdict> step(NftExpression expression) {
      switch (expression) {
        case Meta.Load(var key, var into) -> load(into, passage.meta(key));
        case Ct.Load(var key, var into) -> load(into, passage.ct(key));
        case Payload.Load(var field, var into) -> load(into, passage.payload(field));
        case Immediate.Load(var into, var value) -> load(into, Optional.of(Content.of(value)));
        case Bitwise bitwise ->
            load(bitwise.into(), content(bitwise.from()).flatMap(from -> masked(from, bitwise)));
        case Cmp cmp -> and(compare(cmp));
        case Lookup.Member member -> and(isMember(member));
        case Lookup.Value value -> {
          return look(value);
        }
        case Immediate.Decide(var verdict) -> {
          return Optional.of(verdict);
        }
        case Xt xt -> {
          return target(xt);
        }
        case Unknown(var name, var ignored) -> {
          return unknown(name);
        }
        case Counter ignored -> {}
        case Meta.Store ignored -> {}
        case Ct.Store ignored -> {}
        case Notrack ignored -> {}
        case ByteOrderSwap ignored -> forget();
        case Fib fib -> load(fib.into(), passage.fib(fib));
        case TcpOption ignored -> forget();
        case Range ignored -> and(Match.MAYBE);
        case Nat ignored -> and(Match.MAYBE);
        case Masquerade ignored -> and(Match.MAYBE);
      }
      return Optional.empty();
    }

    private Optional<Content> content(Register register) {
      return Optional.ofNullable(registers.get(register));
    }

    private void load(Register into, Optional<Content> content) {
      registers.remove(into);
      content.ifPresent(known -> registers.put(into, known));
    }

    private void forget() {
      registers.clear();
      and(Match.MAYBE);
    }

    private void and(Match next) {
      match =
          switch (next) {
            case YES -> match;
            case NO -> Match.NO;
            case MAYBE -> match == Match.NO ? Match.NO : Match.MAYBE;
          };
    }

    private Optional<Verdict> target(Xt xt) {
      if (xt.kind() == Xt.Kind.TARGET && ForwardChain.TARGETS_THAT_END.contains(xt.name())) {
        return Optional.of(Verdict.drop());
      }
      and(Match.MAYBE);
      return Optional.empty();
    }

    private Optional<Verdict> unknown(String name) {
      return switch (name) {
        case "reject" -> Optional.of(Verdict.drop());
        case "log" -> Optional.empty();
        case "queue", "fwd", "dup", "synproxy", "tproxy" -> Optional.of(UNFORESEEABLE);
        default -> {
          forget();
          yield Optional.empty();
        }
      };
    }

    private Match compare(Cmp cmp) {
      Match equal =
          content(cmp.register()).map(held -> equal(held, cmp.value())).orElse(Match.MAYBE);
      return switch (cmp.operation()) {
        case EQUAL -> equal;
        case NOT_EQUAL -> not(equal);
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Match.MAYBE;
      };
    }

    private Match isMember(Lookup.Member member) {
      Match in =
          find(member.set().name(), member.key())
              .map(found -> found.isPresent() ? Match.YES : Match.NO)
              .orElse(Match.MAYBE);
      return member.membership() == Membership.IN ? in : not(in);
    }

    private Optional<Verdict> look(Lookup.Value lookup) {
      if (!lookup.into().equals(Register.VERDICT)) {
        load(lookup.into(), Optional.empty());
        and(Match.MAYBE);
        return Optional.empty();
      }
      Optional<Optional<SetElement>> found = find(lookup.map().name(), lookup.key());
      if (found.isEmpty()) {
        return Optional.of(UNFORESEEABLE);
      }
      if (found.get().isEmpty()) {
        and(Match.NO);
        return Optional.empty();
      }
      return found.get().get().value() instanceof ElementValue.Decision(var verdict)
          ? Optional.of(verdict)
          : Optional.of(UNFORESEEABLE);
    }

    /** Empty if it cannot be told whether there is one. */
    private Optional<Optional<SetElement>> find(String set, Register key) {
      List<SetElement> elements = sets.get(set);
      Optional<Content> held = content(key).filter(Content::isKnown);
      if (elements == null || held.isEmpty()) {
        return Optional.empty();
      }
      Bytes wanted = held.get().value();
      boolean comparable =
          elements.stream()
              .allMatch(
                  element ->
                      element.keyEnd().isEmpty() && element.key().length() == wanted.length());
      if (!comparable) {
        return Optional.empty();
      }
      if (elements.stream().noneMatch(SetElement::isIntervalEnd)) {
        return Optional.of(
            elements.stream().filter(element -> element.key().equals(wanted)).findFirst());
      }
      return Optional.of(
          elements.stream()
              .filter(element -> element.key().compareTo(wanted) <= 0)
              .max(
                  Comparator.comparing(SetElement::key)
                      .thenComparing(element -> !element.isIntervalEnd()))
              .filter(last -> !last.isIntervalEnd()));
    }
  }

  private static Match not(Match match) {
    return switch (match) {
      case YES -> Match.NO;
      case NO -> Match.YES;
      case MAYBE -> Match.MAYBE;
    };
  }

  private static Optional<Content> masked(Content from, Bitwise bitwise) {
    int length = bitwise.mask().length();
    if (from.value().length() < length) {
      return Optional.empty();
    }
    byte[] value = new byte[length];
    byte[] known = new byte[length];
    for (int i = 0; i < length; i++) {
      int mask = bitwise.mask().at(i);
      value[i] = (byte) ((from.value().at(i) & mask) ^ bitwise.xor().at(i));
      known[i] = (byte) (from.known().at(i) | ~mask);
    }
    return Optional.of(new Content(Bytes.of(value), Bytes.of(known)));
  }

  /** A shorter value is the beginning of a name. */
  private static Match equal(Content held, Bytes value) {
    if (held.value().length() < value.length()) {
      return Match.MAYBE;
    }
    boolean known = true;
    for (int i = 0; i < value.length(); i++) {
      int mask = held.known().at(i);
      if ((held.value().at(i) & mask) != (value.at(i) & mask)) {
        return Match.NO;
      }
      known &= mask == 0xff;
    }
    return known ? Match.YES : Match.MAYBE;
  }
}
