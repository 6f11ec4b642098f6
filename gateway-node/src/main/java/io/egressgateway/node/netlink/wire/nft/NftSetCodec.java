package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LIST_ELEM;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_DATA_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_DATA_TYPE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_DESC;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_DESC_CONCAT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_DESC_SIZE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_EXPR;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_FIELD_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_HANDLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ID;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_KEY_LEN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_KEY_TYPE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_TABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_TIMEOUT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_USERDATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTNL_UDATA_SET_COMMENT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTNL_UDATA_SET_DATABYTEORDER;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTNL_UDATA_SET_KEYBYTEORDER;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_DATA_VERDICT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELSET;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_GETSET;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWSET;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_SET_CONCAT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_SET_MAP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_SET_OBJECT;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.FlagBits;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * NFT_MSG_NEWSET, NFT_MSG_DELSET, NFT_MSG_GETSET.
 *
 * <pre>
 *  NFTA_SET_TABLE (text), NFTA_SET_NAME (text), NFTA_SET_FLAGS (u32 be)
 *  NFTA_SET_KEY_TYPE (u32 be: nft's type numbers, 6 bits each), NFTA_SET_KEY_LEN (u32 be)
 *  maps: NFTA_SET_DATA_TYPE (u32 be; NFT_DATA_VERDICT), NFTA_SET_DATA_LEN (u32 be)
 *  NFTA_SET_DESC { NFTA_SET_DESC_SIZE (u32 be),
 *                  NFTA_SET_DESC_CONCAT { NFTA_LIST_ELEM { NFTA_SET_FIELD_LEN (u32 be) } … } }
 *  NFTA_SET_ID (u32 be: within the batch), NFTA_SET_TIMEOUT (u64 be, ms), NFTA_SET_USERDATA
 *  NFTA_SET_EXPR { NFTA_EXPR_NAME (text), NFTA_EXPR_DATA { … } }: what each element begins with
 * </pre>
 */
public final class NftSetCodec {
  /** TYPE_BITS of nft's src/datatype.h. */
  private static final int TYPE_BITS = 6;

  private NftSetCodec() {}

  /** Asks for every set of a table. */
  public static NetlinkMessage dump(TableId table) {
    AttributeWriter payload = NftMessage.header(table.family());
    return NftMessage.request(
        NFT_MSG_GETSET, NLM_F_DUMP, payload.putString(NFTA_SET_TABLE, table.name()));
  }

  /**
   * Creates a set, or does nothing if there is an equal one.
   *
   * @param batchNumber unique in the transaction, above 0
   */
  public static NetlinkMessage add(NftSet set, int batchNumber) {
    AttributeWriter payload = named(set.id());
    payload.putBe32(NFTA_SET_FLAGS, flags(set));
    payload.putBe32(NFTA_SET_KEY_TYPE, typeNumber(set.key()));
    payload.putBe32(NFTA_SET_KEY_LEN, set.keyLength());
    switch (set.kind()) {
      case SetKind.Members ignored -> {
        // Keys alone.
      }
      case SetKind.MapTo(List<NftDataType> types) ->
          payload
              .putBe32(NFTA_SET_DATA_TYPE, typeNumber(types))
              .putBe32(NFTA_SET_DATA_LEN, NftSet.length(types));
      case SetKind.VerdictMap ignored ->
          payload.putBe32(NFTA_SET_DATA_TYPE, NFT_DATA_VERDICT).putBe32(NFTA_SET_DATA_LEN, 0);
      case SetKind.Foreign ignored ->
          throw new IllegalArgumentException(set.id() + " is of a kind that is only read");
    }
    if (set.size().isPresent() || set.isIntervalConcatenation()) {
      payload.nest(NFTA_SET_DESC, description -> putDescription(description, set));
    }
    payload.putBe32(NFTA_SET_ID, batchNumber);
    set.timeout().ifPresent(timeout -> payload.putBe64(NFTA_SET_TIMEOUT, timeout.toMillis()));
    payload.putBytes(NFTA_SET_USERDATA, userData(set));
    set.counter()
        .ifPresent(
            counter ->
                payload.nest(NFTA_SET_EXPR, each -> ExpressionCodec.writeOne(each, counter)));
    return NftMessage.request(NFT_MSG_NEWSET, NLM_F_CREATE, payload);
  }

  private static void putDescription(AttributeWriter description, NftSet set) {
    set.size().ifPresent(size -> description.putBe32(NFTA_SET_DESC_SIZE, size));
    if (set.isIntervalConcatenation()) {
      description.nest(
          NFTA_SET_DESC_CONCAT,
          fields ->
              set.key()
                  .forEach(
                      type ->
                          fields.nest(
                              NFTA_LIST_ELEM,
                              field -> field.putBe32(NFTA_SET_FIELD_LEN, type.length()))));
    }
  }

  private static int flags(NftSet set) {
    int map = set.kind() instanceof SetKind.Members ? 0 : NFT_SET_MAP;
    int concatenation = set.isIntervalConcatenation() ? NFT_SET_CONCAT : 0;
    return FlagBits.encode(set.flags()) | map | concatenation;
  }

  private static int typeNumber(List<NftDataType> types) {
    return types.stream()
        .mapToInt(NftDataType::number)
        .reduce(0, (types1, type) -> types1 << TYPE_BITS | type);
  }

  // As nft writes it; without the byte order nft prints marks and names backwards.
  private static Bytes userData(NftSet set) {
    UserData userData = new UserData();
    userData.putU32(NFTNL_UDATA_SET_KEYBYTEORDER, byteOrder(set.key()));
    switch (set.kind()) {
      case SetKind.MapTo(List<NftDataType> types) ->
          userData.putU32(NFTNL_UDATA_SET_DATABYTEORDER, byteOrder(types));
      case SetKind.VerdictMap ignored -> userData.putU32(NFTNL_UDATA_SET_DATABYTEORDER, 0);
      case SetKind.Members ignored -> {
        // No data, no order.
      }
      case SetKind.Foreign ignored -> {
        // Only read.
      }
    }
    set.comment().ifPresent(text -> userData.putComment(NFTNL_UDATA_SET_COMMENT, text));
    return userData.toBytes();
  }

  private static int byteOrder(List<NftDataType> types) {
    return types.size() == 1 ? types.get(0).byteOrderNumber() : 0;
  }

  /** Deletes a set; EBUSY if a rule looks it up. */
  public static NetlinkMessage delete(SetId set) {
    return NftMessage.request(NFT_MSG_DELSET, 0, named(set));
  }

  private static AttributeWriter named(SetId set) {
    AttributeWriter payload = NftMessage.header(set.table().family());
    payload.putString(NFTA_SET_TABLE, set.table().name());
    return payload.putString(NFTA_SET_NAME, set.name());
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return NftMessage.is(message, NFT_MSG_NEWSET, NFT_MSG_DELSET);
  }

  /** Reads NFT_MSG_NEWSET or NFT_MSG_DELSET. */
  public static SetEntry decode(NetlinkMessage message) {
    PayloadReader payload = NftMessage.reader(message);
    AttributeReader attributes = payload.attributes();
    TableId table = NftMessage.table(payload, attributes.requireString(NFTA_SET_TABLE));
    long flags = attributes.be32(NFTA_SET_FLAGS).orElse(0);
    Optional<Bytes> userData = attributes.bytes(NFTA_SET_USERDATA);
    NftSet set =
        new NftSet(
            table.set(NftMessage.checked(attributes.requireString(NFTA_SET_NAME))),
            types(attributes.be32(NFTA_SET_KEY_TYPE).orElse(0)),
            kind(attributes, flags),
            FlagBits.decode(SetFlag.class, flags),
            size(attributes),
            attributes.be64(NFTA_SET_TIMEOUT).stream().mapToObj(Duration::ofMillis).findFirst(),
            attributes.nested(NFTA_SET_EXPR).flatMap(ExpressionCodec::readCounter),
            UserData.comment(userData, NFTNL_UDATA_SET_COMMENT));
    return new SetEntry(set, attributes.be64(NFTA_SET_HANDLE).orElse(0));
  }

  private static OptionalInt size(AttributeReader attributes) {
    return attributes.nested(NFTA_SET_DESC).stream()
        .flatMapToLong(description -> description.be32(NFTA_SET_DESC_SIZE).stream())
        .mapToInt(size -> (int) size)
        .findFirst();
  }

  private static SetKind kind(AttributeReader attributes, long flags) {
    if ((flags & NFT_SET_OBJECT) != 0) {
      return new SetKind.Foreign();
    }
    if ((flags & NFT_SET_MAP) == 0) {
      return new SetKind.Members();
    }
    long type = attributes.be32(NFTA_SET_DATA_TYPE).orElse(0);
    if ((int) type == NFT_DATA_VERDICT) {
      return new SetKind.VerdictMap();
    }
    List<NftDataType> types = types(type);
    return types.isEmpty() ? new SetKind.Foreign() : new SetKind.MapTo(types);
  }

  private static List<NftDataType> types(long number) {
    List<NftDataType> types = new ArrayList<>();
    for (long rest = number; rest != 0; rest >>>= TYPE_BITS) {
      Optional<NftDataType> last = NftDataType.of(rest & ((1 << TYPE_BITS) - 1));
      if (last.isEmpty()) {
        return List.of();
      }
      types.add(0, last.get());
    }
    return types;
  }
}
