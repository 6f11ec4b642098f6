package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.AF_UNSPEC;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFNETLINK_V0;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_TABLE_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_TABLE_HANDLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_TABLE_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_TABLE_OWNER;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_TABLE_USERDATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTNL_UDATA_TABLE_COMMENT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELTABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DESTROYTABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_GETTABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWTABLE;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.FlagBits;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;

/**
 * NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, NFT_MSG_GETTABLE.
 *
 * <pre>
 *  NFTA_TABLE_NAME (text), NFTA_TABLE_FLAGS (u32 be), NFTA_TABLE_USERDATA (comment)
 *  read only: NFTA_TABLE_HANDLE (u64 be), NFTA_TABLE_OWNER (u32 be: port id)
 * </pre>
 */
public final class NftTableCodec {
  private NftTableCodec() {}

  /** Asks for every table of every family. */
  public static NetlinkMessage dump() {
    AttributeWriter payload = new AttributeWriter().rawU8(AF_UNSPEC).rawU8(NFNETLINK_V0).rawBe16(0);
    return NftMessage.request(NFT_MSG_GETTABLE, NLM_F_DUMP, payload);
  }

  /** Creates a table, or does nothing if it exists; its flags then change to these. */
  public static NetlinkMessage add(NftTable table) {
    AttributeWriter payload = NftMessage.header(table.id().family());
    payload.putString(NFTA_TABLE_NAME, table.id().name());
    payload.putBe32(NFTA_TABLE_FLAGS, FlagBits.encode(table.flags()));
    table
        .comment()
        .map(text -> new UserData().putComment(NFTNL_UDATA_TABLE_COMMENT, text).toBytes())
        .ifPresent(userData -> payload.putBytes(NFTA_TABLE_USERDATA, userData));
    return NftMessage.request(NFT_MSG_NEWTABLE, NLM_F_CREATE, payload);
  }

  /** Deletes a table and all in it; ENOENT if there is none. */
  public static NetlinkMessage delete(TableId table) {
    return named(NFT_MSG_DELTABLE, table);
  }

  /** Deletes a table and all in it, if there is one; Linux 6.3. */
  public static NetlinkMessage destroy(TableId table) {
    return named(NFT_MSG_DESTROYTABLE, table);
  }

  private static NetlinkMessage named(int message, TableId table) {
    AttributeWriter payload = NftMessage.header(table.family());
    return NftMessage.request(message, 0, payload.putString(NFTA_TABLE_NAME, table.name()));
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return NftMessage.is(message, NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE);
  }

  /** Reads NFT_MSG_NEWTABLE or NFT_MSG_DELTABLE. */
  public static TableEntry decode(NetlinkMessage message) {
    PayloadReader payload = NftMessage.reader(message);
    AttributeReader attributes = payload.attributes();
    NftTable table =
        new NftTable(
            NftMessage.table(payload, attributes.requireString(NFTA_TABLE_NAME)),
            FlagBits.decode(TableFlag.class, attributes.be32(NFTA_TABLE_FLAGS).orElse(0)),
            UserData.comment(attributes.bytes(NFTA_TABLE_USERDATA), NFTNL_UDATA_TABLE_COMMENT));
    return new TableEntry(
        table,
        attributes.be64(NFTA_TABLE_HANDLE).orElse(0),
        attributes.be32(NFTA_TABLE_OWNER).stream().mapToInt(port -> (int) port).findFirst());
  }
}
