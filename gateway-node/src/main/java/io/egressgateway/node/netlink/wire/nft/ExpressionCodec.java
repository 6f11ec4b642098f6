package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXPR_DATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_EXPR_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LIST_ELEM;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The list of a rule's expressions.
 *
 * <pre>
 *  NFTA_RULE_EXPRESSIONS {
 *    NFTA_LIST_ELEM { NFTA_EXPR_NAME (text), NFTA_EXPR_DATA { … } }
 *    …
 *  }
 * </pre>
 */
final class ExpressionCodec {
  private ExpressionCodec() {}

  static void write(AttributeWriter list, List<NftExpression> expressions) {
    for (NftExpression expression : expressions) {
      list.nest(NFTA_LIST_ELEM, element -> writeOne(element, expression));
    }
  }

  static void writeOne(AttributeWriter element, NftExpression expression) {
    element
        .putString(NFTA_EXPR_NAME, expression.kernelName())
        .nest(NFTA_EXPR_DATA, expression::write);
  }

  /** The expression, if it is a counter. */
  static Optional<Counter> readCounter(AttributeReader element) {
    return readOne(element) instanceof Counter counter ? Optional.of(counter) : Optional.empty();
  }

  static List<NftExpression> read(AttributeReader list) {
    return list.nestedAll(NFTA_LIST_ELEM).stream().map(ExpressionCodec::readOne).toList();
  }

  private static NftExpression readOne(AttributeReader element) {
    String name = element.requireString(NFTA_EXPR_NAME);
    Bytes raw = element.bytes(NFTA_EXPR_DATA).orElse(Bytes.EMPTY);
    AttributeReader data = new AttributeReader(raw.toBuffer());
    try {
      return read(name, data, raw);
    } catch (NftEnum.UnknownNumber e) {
      // A key or operation of a foreign rule; ours are all known.
      return new Unknown(name, raw);
    }
  }

  private static NftExpression read(String name, AttributeReader data, Bytes raw) {
    return switch (name) {
      case "bitwise" -> readIf(Bitwise::reads, Bitwise::read, name, raw);
      case "byteorder" -> ByteOrderSwap.read(data);
      case "cmp" -> Cmp.read(data);
      case "counter" -> Counter.read(data);
      case "ct" -> Ct.read(data);
      case "exthdr" -> readIf(TcpOption::reads, TcpOption::read, name, raw);
      case "fib" -> Fib.read(data);
      case "immediate" -> Immediate.read(data);
      case "lookup" -> Lookup.read(data);
      case "masq" -> readIf(Masquerade::reads, Masquerade::read, name, raw);
      case "match" -> Xt.read(Xt.Kind.MATCH, data);
      case "meta" -> Meta.read(data);
      case "nat" -> readIf(Nat::reads, Nat::read, name, raw);
      case "notrack" -> new Notrack();
      case "payload" -> readIf(Payload::reads, Payload::read, name, raw);
      case "range" -> Range.read(data);
      case "target" -> Xt.read(Xt.Kind.TARGET, data);
      default -> new Unknown(name, raw);
    };
  }

  private static NftExpression readIf(
      Predicate<AttributeReader> reads,
      Function<AttributeReader, NftExpression> read,
      String name,
      Bytes raw) {
    AttributeReader data = new AttributeReader(raw.toBuffer());
    return reads.test(data) ? read.apply(data) : new Unknown(name, raw);
  }
}
