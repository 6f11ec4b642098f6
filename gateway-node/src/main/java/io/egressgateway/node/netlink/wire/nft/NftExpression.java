package io.egressgateway.node.netlink.wire.nft;

import io.egressgateway.node.netlink.wire.AttributeWriter;

/**
 * One step of a rule. Each is a record beside its reader and writer, named as the kernel names it;
 * what the kernel has and this project does not use is read as {@link Unknown}.
 */
public sealed interface NftExpression
    permits Bitwise,
        ByteOrderSwap,
        Cmp,
        Counter,
        Ct,
        Fib,
        Immediate,
        Lookup,
        Masquerade,
        Meta,
        Nat,
        Notrack,
        Payload,
        Range,
        TcpOption,
        Unknown,
        Xt {

  /** NFTA_EXPR_NAME. */
  String kernelName();

  /** Writes what goes into NFTA_EXPR_DATA. */
  void write(AttributeWriter data);
}
