package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_APPEND;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_CHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_EXPRESSIONS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_HANDLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_POSITION;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_TABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_USERDATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTNL_UDATA_RULE_COMMENT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELRULE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_GETRULE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWRULE;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.List;

/**
 * NFT_MSG_NEWRULE, NFT_MSG_DELRULE, NFT_MSG_GETRULE.
 *
 * <pre>
 *  NFTA_RULE_TABLE (text), NFTA_RULE_CHAIN (text), NFTA_RULE_EXPRESSIONS { … },
 *  NFTA_RULE_USERDATA (comment), NFTA_RULE_HANDLE (u64 be: deleted by it, read),
 *  NFTA_RULE_POSITION (u64 be: handle of the rule that a new one is put before)
 * </pre>
 */
public final class NftRuleCodec {
  private NftRuleCodec() {}

  /** Asks for every rule of a table. */
  public static NetlinkMessage dump(TableId table) {
    AttributeWriter payload = NftMessage.header(table.family());
    return NftMessage.request(
        NFT_MSG_GETRULE, NLM_F_DUMP, payload.putString(NFTA_RULE_TABLE, table.name()));
  }

  /** Asks for every rule of a chain. */
  public static NetlinkMessage dump(ChainId chain) {
    return NftMessage.request(NFT_MSG_GETRULE, NLM_F_DUMP, named(chain));
  }

  /** Adds a rule at its chain's end. */
  public static NetlinkMessage append(NftRule rule) {
    return NftMessage.request(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, written(rule));
  }

  /** Adds a rule at its chain's head. */
  public static NetlinkMessage insert(NftRule rule) {
    return NftMessage.request(NFT_MSG_NEWRULE, NLM_F_CREATE, written(rule));
  }

  /** Adds a rule before the one with this handle. */
  public static NetlinkMessage insertBefore(NftRule rule, long handle) {
    return NftMessage.request(
        NFT_MSG_NEWRULE, NLM_F_CREATE, written(rule).putBe64(NFTA_RULE_POSITION, handle));
  }

  private static AttributeWriter written(NftRule rule) {
    AttributeWriter payload = named(rule.chain());
    payload.nest(NFTA_RULE_EXPRESSIONS, list -> ExpressionCodec.write(list, rule.expressions()));
    rule.comment()
        .map(text -> new UserData().putComment(NFTNL_UDATA_RULE_COMMENT, text).toBytes())
        .ifPresent(userData -> payload.putBytes(NFTA_RULE_USERDATA, userData));
    return payload;
  }

  /** Deletes one rule. */
  public static NetlinkMessage delete(ChainId chain, long handle) {
    AttributeWriter payload = named(chain).putBe64(NFTA_RULE_HANDLE, handle);
    return NftMessage.request(NFT_MSG_DELRULE, 0, payload);
  }

  /** Deletes every rule of a chain. */
  public static NetlinkMessage flush(ChainId chain) {
    return NftMessage.request(NFT_MSG_DELRULE, 0, named(chain));
  }

  private static AttributeWriter named(ChainId chain) {
    AttributeWriter payload = NftMessage.header(chain.table().family());
    payload.putString(NFTA_RULE_TABLE, chain.table().name());
    return payload.putString(NFTA_RULE_CHAIN, chain.name());
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return NftMessage.is(message, NFT_MSG_NEWRULE, NFT_MSG_DELRULE);
  }

  /** Reads NFT_MSG_NEWRULE or NFT_MSG_DELRULE. */
  public static RuleEntry decode(NetlinkMessage message) {
    PayloadReader payload = NftMessage.reader(message);
    AttributeReader attributes = payload.attributes();
    TableId table = NftMessage.table(payload, attributes.requireString(NFTA_RULE_TABLE));
    NftRule rule =
        new NftRule(
            table.chain(NftMessage.checked(attributes.requireString(NFTA_RULE_CHAIN))),
            attributes.nested(NFTA_RULE_EXPRESSIONS).map(ExpressionCodec::read).orElseGet(List::of),
            UserData.comment(attributes.bytes(NFTA_RULE_USERDATA), NFTNL_UDATA_RULE_COMMENT));
    return new RuleEntry(rule, attributes.be64(NFTA_RULE_HANDLE).orElse(0));
  }
}
