package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_DATA_VALUE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_DATA_VERDICT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_VERDICT_CHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_VERDICT_CODE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_CONTINUE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_GOTO;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_JUMP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_RETURN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NF_ACCEPT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NF_DROP;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;

/**
 * NFTA_DATA_…: bytes or a verdict.
 *
 * <pre>
 *  attribute { NFTA_DATA_VALUE: bytes as they lie in a register }
 *  attribute { NFTA_DATA_VERDICT { NFTA_VERDICT_CODE (s32, be), NFTA_VERDICT_CHAIN (text) } }
 * </pre>
 */
final class NftData {
  private NftData() {}

  static void putValue(AttributeWriter writer, int type, Bytes value) {
    writer.nest(type, data -> data.putBytes(NFTA_DATA_VALUE, value));
  }

  static Bytes requireValue(AttributeReader attributes, int type) {
    return attributes.requireNested(type).requireBytes(NFTA_DATA_VALUE);
  }

  static void putVerdict(AttributeWriter writer, int type, Verdict verdict) {
    writer.nest(type, data -> data.nest(NFTA_DATA_VERDICT, inner -> write(inner, verdict)));
  }

  private static void write(AttributeWriter inner, Verdict verdict) {
    switch (verdict) {
      case Verdict.Accept ignored -> inner.putBe32(NFTA_VERDICT_CODE, NF_ACCEPT);
      case Verdict.Drop ignored -> inner.putBe32(NFTA_VERDICT_CODE, NF_DROP);
      case Verdict.Return ignored -> inner.putBe32(NFTA_VERDICT_CODE, NFT_RETURN);
      case Verdict.Continue ignored -> inner.putBe32(NFTA_VERDICT_CODE, NFT_CONTINUE);
      case Verdict.Jump(String chain) ->
          inner.putBe32(NFTA_VERDICT_CODE, NFT_JUMP).putString(NFTA_VERDICT_CHAIN, chain);
      case Verdict.Goto(String chain) ->
          inner.putBe32(NFTA_VERDICT_CODE, NFT_GOTO).putString(NFTA_VERDICT_CHAIN, chain);
      case Verdict.Other(int code) -> inner.putBe32(NFTA_VERDICT_CODE, code);
    }
  }

  static Verdict readVerdict(AttributeReader verdict) {
    int code = (int) verdict.requireBe32(NFTA_VERDICT_CODE);
    return switch (code) {
      case NF_ACCEPT -> new Verdict.Accept();
      case NF_DROP -> new Verdict.Drop();
      case NFT_RETURN -> new Verdict.Return();
      case NFT_CONTINUE -> new Verdict.Continue();
      case NFT_JUMP -> new Verdict.Jump(verdict.requireString(NFTA_VERDICT_CHAIN));
      case NFT_GOTO -> new Verdict.Goto(verdict.requireString(NFTA_VERDICT_CHAIN));
      default -> new Verdict.Other(code);
    };
  }

  static void putRegister(AttributeWriter writer, int type, Register register) {
    writer.putBe32(type, register.number());
  }

  static Register requireRegister(AttributeReader attributes, int type) {
    return new Register((int) attributes.requireBe32(type));
  }
}
