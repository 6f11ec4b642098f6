package io.egressgateway.node.netlink.wire.nft;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_CREATE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_HANDLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_HOOK;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_NAME;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_POLICY;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_TABLE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_CHAIN_TYPE;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_HOOK_DEV;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_HOOK_HOOKNUM;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFTA_HOOK_PRIORITY;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_DELCHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_GETCHAIN;
import static io.egressgateway.node.netlink.wire.nft.NftConstants.NFT_MSG_NEWCHAIN;

import io.egressgateway.node.netlink.wire.AttributeReader;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.PayloadReader;
import java.util.Arrays;
import java.util.Optional;

/**
 * NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, NFT_MSG_GETCHAIN.
 *
 * <pre>
 *  NFTA_CHAIN_TABLE (text), NFTA_CHAIN_NAME (text)
 *  base chains: NFTA_CHAIN_HOOK { NFTA_HOOK_HOOKNUM (u32 be), NFTA_HOOK_PRIORITY (s32 be),
 *                                NFTA_HOOK_DEV (text: family netdev) },
 *               NFTA_CHAIN_POLICY (u32 be), NFTA_CHAIN_TYPE (text)
 *  read only: NFTA_CHAIN_HANDLE (u64 be)
 * </pre>
 */
public final class NftChainCodec {
  private NftChainCodec() {}

  /** Asks for every chain of a family. */
  public static NetlinkMessage dump(NftFamily family) {
    return NftMessage.request(NFT_MSG_GETCHAIN, NLM_F_DUMP, NftMessage.header(family));
  }

  /** Asks for one chain; ENOENT if it or its table is missing. */
  public static NetlinkMessage get(ChainId chain) {
    return NftMessage.request(NFT_MSG_GETCHAIN, 0, named(chain));
  }

  /** Creates a chain, or does nothing if it exists. */
  public static NetlinkMessage add(NftChain chain) {
    NftFamily family = chain.id().table().family();
    AttributeWriter payload = named(chain.id());
    chain.base().ifPresent(base -> putBase(payload, base, family));
    return NftMessage.request(NFT_MSG_NEWCHAIN, NLM_F_CREATE, payload);
  }

  private static void putBase(AttributeWriter payload, BaseChain base, NftFamily family) {
    int hook = base.hook().number(family);
    payload.nest(
        NFTA_CHAIN_HOOK,
        nest -> {
          nest.putBe32(NFTA_HOOK_HOOKNUM, hook).putBe32(NFTA_HOOK_PRIORITY, base.priority());
          base.device().ifPresent(device -> nest.putString(NFTA_HOOK_DEV, device));
        });
    payload.putBe32(NFTA_CHAIN_POLICY, base.policy().number());
    payload.putString(NFTA_CHAIN_TYPE, base.type().kernelName());
  }

  /** Deletes a chain; EBUSY if it has rules or a rule leads to it. */
  public static NetlinkMessage delete(ChainId chain) {
    return NftMessage.request(NFT_MSG_DELCHAIN, 0, named(chain));
  }

  private static AttributeWriter named(ChainId chain) {
    AttributeWriter payload = NftMessage.header(chain.table().family());
    payload.putString(NFTA_CHAIN_TABLE, chain.table().name());
    return payload.putString(NFTA_CHAIN_NAME, chain.name());
  }

  /** Whether {@link #decode} reads this message. */
  public static boolean reads(NetlinkMessage message) {
    return NftMessage.is(message, NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN);
  }

  /**
   * Reads NFT_MSG_NEWCHAIN or NFT_MSG_DELCHAIN. A base chain of a foreign kind reads as regular.
   */
  public static ChainEntry decode(NetlinkMessage message) {
    PayloadReader payload = NftMessage.reader(message);
    AttributeReader attributes = payload.attributes();
    TableId table = NftMessage.table(payload, attributes.requireString(NFTA_CHAIN_TABLE));
    ChainId id = table.chain(NftMessage.checked(attributes.requireString(NFTA_CHAIN_NAME)));
    Optional<BaseChain> base =
        attributes.nested(NFTA_CHAIN_HOOK).flatMap(hook -> base(attributes, hook, table.family()));
    return new ChainEntry(new NftChain(id, base), attributes.be64(NFTA_CHAIN_HANDLE).orElse(0));
  }

  private static Optional<BaseChain> base(
      AttributeReader attributes, AttributeReader hook, NftFamily family) {
    String typeName = attributes.requireString(NFTA_CHAIN_TYPE);
    long hookNumber = hook.requireBe32(NFTA_HOOK_HOOKNUM);
    int priority = (int) hook.requireBe32(NFTA_HOOK_PRIORITY);
    long policy = attributes.be32(NFTA_CHAIN_POLICY).orElse(ChainPolicy.ACCEPT.number());
    return Arrays.stream(ChainType.values())
        .filter(type -> type.kernelName().equals(typeName))
        .findFirst()
        .flatMap(
            type ->
                hook(hookNumber, family)
                    .map(
                        found ->
                            new BaseChain(
                                type,
                                found,
                                priority,
                                policy(policy),
                                hook.string(NFTA_HOOK_DEV))));
  }

  private static Optional<Hook> hook(long number, NftFamily family) {
    return Hook.of(family).stream().filter(hook -> hook.number(family) == number).findFirst();
  }

  private static ChainPolicy policy(long number) {
    return Arrays.stream(ChainPolicy.values())
        .filter(policy -> policy.number() == number)
        .findFirst()
        .orElseThrow(() -> new MalformedNetlinkMessage("chain policy " + number));
  }
}
