package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.AF_UNSPEC;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNETLINK_V0;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNL_BATCH_GENID;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNL_MSG_BATCH_BEGIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNL_MSG_BATCH_END;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNL_SUBSYS_NFTABLES;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_GEN_ID;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_GEN_PROC_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_GEN_PROC_PID;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_RULE_CHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_TABLE_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELCHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELRULE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_GETGEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWCHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWGEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWRULE;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What all nf_tables messages share.
 *
 * <pre>
 *  nlmsg_type: | NFNL_SUBSYS_NFTABLES (u8) | NFT_MSG_… (u8) |
 *  0              1          2                    4
 * +--------------+----------+--------------------+---------------
 * | nfgen_family | version 0| res_id (u16 be)    | attributes …
 * +--------------+----------+--------------------+---------------
 * </pre>
 *
 * <p>linux/netfilter/nfnetlink.h, struct nfgenmsg. A transaction is NFNL_MSG_BATCH_BEGIN, messages,
 * NFNL_MSG_BATCH_END; res_id of both ends is NFNL_SUBSYS_NFTABLES.
 */
public final class NftMessage {
  private static final int HEADER_BYTES = 4;

  private NftMessage() {}

  /** Opens a transaction. */
  public static NetlinkMessage batchBegin() {
    return batchBegin(new AttributeWriter(), OptionalInt.empty());
  }

  /**
   * Opens a transaction that fails with ERESTART unless the ruleset is still at this generation.
   *
   * @param generation all 32 bits count
   */
  public static NetlinkMessage batchBegin(int generation) {
    return batchBegin(new AttributeWriter(), OptionalInt.of(generation));
  }

  private static NetlinkMessage batchBegin(AttributeWriter payload, OptionalInt generation) {
    payload.rawU8(AF_UNSPEC).rawU8(NFNETLINK_V0).rawBe16(NFNL_SUBSYS_NFTABLES);
    generation.ifPresent(id -> payload.putBe32(NFNL_BATCH_GENID, id));
    return NetlinkMessage.request(NFNL_MSG_BATCH_BEGIN, 0, payload.toBytes());
  }

  /** Commits a transaction. */
  public static NetlinkMessage batchEnd() {
    AttributeWriter payload = new AttributeWriter();
    payload.rawU8(AF_UNSPEC).rawU8(NFNETLINK_V0).rawBe16(NFNL_SUBSYS_NFTABLES);
    return NetlinkMessage.request(NFNL_MSG_BATCH_END, 0, payload.toBytes());
  }

  /** Asks for the ruleset's generation. */
  public static NetlinkMessage getGeneration() {
    return request(NFT_MSG_GETGEN, 0, header(AF_UNSPEC));
  }

  /**
   * Which table a notification is about; empty for the commit at a transaction's end. The table is
   * the first attribute of every object's messages.
   */
  public static Optional<NftSubject> subject(NetlinkMessage message) {
    if (message.type() >> 8 != NFNL_SUBSYS_NFTABLES || readsGeneration(message)) {
      return Optional.empty();
    }
    PayloadReader payload = reader(message);
    AttributeReader attributes = payload.attributes();
    Optional<String> chain =
        is(message, NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN)
            ? attributes.string(NFTA_CHAIN_NAME)
            : is(message, NFT_MSG_NEWRULE, NFT_MSG_DELRULE)
                ? attributes.string(NFTA_RULE_CHAIN)
                : Optional.empty();
    return Optional.of(
        new NftSubject(table(payload, attributes.requireString(NFTA_TABLE_NAME)), chain));
  }

  /** Whether {@link #decodeGeneration} reads this message. */
  public static boolean readsGeneration(NetlinkMessage message) {
    return is(message, NFT_MSG_NEWGEN);
  }

  /** Reads NFT_MSG_NEWGEN: the answer to {@link #getGeneration}, or the news of a commit. */
  public static NftGeneration decodeGeneration(NetlinkMessage message) {
    var attributes = reader(message).attributes();
    return new NftGeneration(
        (int) attributes.requireBe32(NFTA_GEN_ID),
        attributes.be32(NFTA_GEN_PROC_PID).stream().mapToInt(id -> (int) id).findFirst(),
        attributes.string(NFTA_GEN_PROC_NAME));
  }

  static AttributeWriter header(NftFamily family) {
    return header(family.number());
  }

  private static AttributeWriter header(int family) {
    return new AttributeWriter().rawU8(family).rawU8(NFNETLINK_V0).rawBe16(0);
  }

  static NetlinkMessage request(int message, int flags, AttributeWriter payload) {
    return NetlinkMessage.request(NFNL_SUBSYS_NFTABLES << 8 | message, flags, payload.toBytes());
  }

  static boolean is(NetlinkMessage message, int... nftMessages) {
    return message.type() >> 8 == NFNL_SUBSYS_NFTABLES
        && Arrays.stream(nftMessages).anyMatch(nft -> nft == (message.type() & 0xff));
  }

  static PayloadReader reader(NetlinkMessage message) {
    return new PayloadReader(message, HEADER_BYTES);
  }

  static NftFamily family(PayloadReader payload) {
    int number = payload.u8(0);
    return Arrays.stream(NftFamily.values())
        .filter(family -> family.number() == number)
        .findFirst()
        .orElseThrow(() -> new MalformedNetlinkMessage("nf_tables family " + number));
  }

  static TableId table(PayloadReader payload, String name) {
    return new TableId(family(payload), checked(name));
  }

  /** A name of the kernel's; one that no name can be is a broken message. */
  static String checked(String name) {
    try {
      return NftName.check(name);
    } catch (IllegalArgumentException e) {
      throw new MalformedNetlinkMessage(String.valueOf(e.getMessage()));
    }
  }
}
