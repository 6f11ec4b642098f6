package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_DATA_VALUE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_DATA_VERDICT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_LIST_ELEM;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_DATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_EXPIRATION;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_EXPR;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_FLAGS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_KEY;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_KEY_END;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_LIST_ELEMENTS;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_LIST_SET;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_LIST_SET_ID;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_LIST_TABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_TIMEOUT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_SET_ELEM_USERDATA;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTNL_UDATA_SET_ELEM_COMMENT;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELSETELEM;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DESTROYSETELEM;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_GETSETELEM;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWSETELEM;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.FlagBits;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM, NFT_MSG_GETSETELEM.
 *
 * <pre>
 *  NFTA_SET_ELEM_LIST_TABLE (text), NFTA_SET_ELEM_LIST_SET (text),
 *  NFTA_SET_ELEM_LIST_SET_ID (u32 be: within the batch)
 *  NFTA_SET_ELEM_LIST_ELEMENTS {
 *    NFTA_LIST_ELEM {
 *      NFTA_SET_ELEM_FLAGS (u32 be), NFTA_SET_ELEM_KEY { NFTA_DATA_VALUE },
 *      NFTA_SET_ELEM_KEY_END { NFTA_DATA_VALUE }, NFTA_SET_ELEM_DATA { value or verdict },
 *      NFTA_SET_ELEM_TIMEOUT, NFTA_SET_ELEM_EXPIRATION (u64 be, ms), NFTA_SET_ELEM_USERDATA,
 *      NFTA_SET_ELEM_EXPR { NFTA_EXPR_NAME (text), NFTA_EXPR_DATA { … } } (only read)
 *    } …
 *  }
 * </pre>
 *
 * <p>The length of NFTA_SET_ELEM_LIST_ELEMENTS is a u16, so many elements are many messages.
 */
public final class SetElementCodec {
  /** Elements of one message stop here; one more always fits below 65535. */
  private static final int LIST_BYTES_MAX = 60_000;

  private SetElementCodec() {}

  /** Asks for every element of a set. Cost in the kernel: quadratic in the number of elements. */
  public static NetlinkMessage dump(SetId set) {
    AttributeWriter payload = named(set.table(), SetReference.named(set));
    return NftMessage.request(NFT_MSG_GETSETELEM, NLM_F_DUMP, payload);
  }

  /**
   * Asks for one element; ENOENT if there is none. In a set of ranges the answer is the range that
   * the key is in, which may be another one.
   */
  public static NetlinkMessage get(SetId set, SetElement key) {
    AttributeWriter payload = named(set.table(), SetReference.named(set));
    payload.nest(
        NFTA_SET_ELEM_LIST_ELEMENTS,
        list -> list.nest(NFTA_LIST_ELEM, element -> write(element, key)));
    return NftMessage.request(NFT_MSG_GETSETELEM, 0, payload);
  }

  /** Adds elements; one that exists with the same value is left as it is, time-out included. */
  public static List<NetlinkMessage> add(
      TableId table, SetReference set, List<SetElement> elements) {
    return messages(NFT_MSG_NEWSETELEM, table, set, elements);
  }

  /** Deletes elements; ENOENT if one does not exist. */
  public static List<NetlinkMessage> delete(SetId set, List<SetElement> elements) {
    return messages(NFT_MSG_DELSETELEM, set.table(), SetReference.named(set), elements);
  }

  /** Deletes elements where they exist; Linux 6.3. */
  public static List<NetlinkMessage> destroy(SetId set, List<SetElement> elements) {
    return messages(NFT_MSG_DESTROYSETELEM, set.table(), SetReference.named(set), elements);
  }

  /** Deletes every element. */
  public static NetlinkMessage flush(SetId set) {
    AttributeWriter payload = named(set.table(), SetReference.named(set));
    return NftMessage.request(NFT_MSG_DELSETELEM, 0, payload);
  }

  private static List<NetlinkMessage> messages(
      int message, TableId table, SetReference set, List<SetElement> elements) {
    int flags = message == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0;
    List<NetlinkMessage> messages = new ArrayList<>();
    AttributeWriter list = new AttributeWriter();
    for (SetElement element : elements) {
      list.nest(NFTA_LIST_ELEM, nest -> write(nest, element));
      if (list.size() > LIST_BYTES_MAX) {
        messages.add(NftMessage.request(message, flags, listed(table, set, list.toBytes())));
        list = new AttributeWriter();
      }
    }
    if (list.size() > 0) {
      messages.add(NftMessage.request(message, flags, listed(table, set, list.toBytes())));
    }
    return messages;
  }

  private static AttributeWriter listed(TableId table, SetReference set, Bytes elements) {
    return named(table, set).nest(NFTA_SET_ELEM_LIST_ELEMENTS, list -> list.rawBytes(elements));
  }

  private static AttributeWriter named(TableId table, SetReference set) {
    AttributeWriter payload = NftMessage.header(table.family());
    payload.putString(NFTA_SET_ELEM_LIST_TABLE, table.name());
    payload.putString(NFTA_SET_ELEM_LIST_SET, set.name());
    set.batchNumber().ifPresent(number -> payload.putBe32(NFTA_SET_ELEM_LIST_SET_ID, number));
    return payload;
  }

  private static void write(AttributeWriter nest, SetElement element) {
    if (!element.flags().isEmpty()) {
      nest.putBe32(NFTA_SET_ELEM_FLAGS, FlagBits.encode(element.flags()));
    }
    if (!element.flags().contains(ElementFlag.CATCHALL)) {
      NftData.putValue(nest, NFTA_SET_ELEM_KEY, element.key());
    }
    element.keyEnd().ifPresent(last -> NftData.putValue(nest, NFTA_SET_ELEM_KEY_END, last));
    switch (element.value()) {
      case ElementValue.None ignored -> {
        // A key alone.
      }
      case ElementValue.Value(Bytes bytes) -> NftData.putValue(nest, NFTA_SET_ELEM_DATA, bytes);
      case ElementValue.Decision(Verdict verdict) ->
          NftData.putVerdict(nest, NFTA_SET_ELEM_DATA, verdict);
    }
    putMillis(nest, NFTA_SET_ELEM_TIMEOUT, element.lifetime().timeout());
    putMillis(nest, NFTA_SET_ELEM_EXPIRATION, element.lifetime().expiration());
    element
        .comment()
        .map(text -> new UserData().putComment(NFTNL_UDATA_SET_ELEM_COMMENT, text).toBytes())
        .ifPresent(userData -> nest.putBytes(NFTA_SET_ELEM_USERDATA, userData));
  }

  private static void putMillis(AttributeWriter nest, int type, Optional<Duration> duration) {
    duration.ifPresent(time -> nest.putBe64(type, time.toMillis()));
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return NftMessage.is(message, NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM);
  }

  /** Reads NFT_MSG_NEWSETELEM or NFT_MSG_DELSETELEM: the elements of one message. */
  public static List<SetElement> decode(NetlinkMessage message) {
    return NftMessage.reader(message)
        .attributes()
        .nested(NFTA_SET_ELEM_LIST_ELEMENTS)
        .map(list -> list.nestedAll(NFTA_LIST_ELEM).stream().map(SetElementCodec::read).toList())
        .orElseGet(List::of);
  }

  private static SetElement read(AttributeReader element) {
    SortedSet<ElementFlag> flags =
        FlagBits.decode(ElementFlag.class, element.be32(NFTA_SET_ELEM_FLAGS).orElse(0));
    Bytes key =
        flags.contains(ElementFlag.CATCHALL)
            ? Bytes.EMPTY
            : NftData.requireValue(element, NFTA_SET_ELEM_KEY);
    return new SetElement(
        key,
        element.nested(NFTA_SET_ELEM_KEY_END).map(end -> end.requireBytes(NFTA_DATA_VALUE)),
        element
            .nested(NFTA_SET_ELEM_DATA)
            .map(SetElementCodec::value)
            .orElseGet(ElementValue.None::new),
        flags,
        new ElementLifetime(
            millis(element, NFTA_SET_ELEM_TIMEOUT), millis(element, NFTA_SET_ELEM_EXPIRATION)),
        element.nested(NFTA_SET_ELEM_EXPR).flatMap(ExpressionCodec::readCounter),
        UserData.comment(element.bytes(NFTA_SET_ELEM_USERDATA), NFTNL_UDATA_SET_ELEM_COMMENT));
  }

  private static ElementValue value(AttributeReader data) {
    return data.nested(NFTA_DATA_VERDICT)
        .<ElementValue>map(verdict -> new ElementValue.Decision(NftData.readVerdict(verdict)))
        .orElseGet(() -> new ElementValue.Value(data.requireBytes(NFTA_DATA_VALUE)));
  }

  private static Optional<Duration> millis(AttributeReader element, int type) {
    return element.be64(type).stream().mapToObj(Duration::ofMillis).findFirst();
  }
}
