package io.egressgateway.node.netlink;

import io.egressgateway.node.netlink.socket.Request;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftChainCodec;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftRuleCodec;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftSetCodec;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.NftTableCodec;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetElementCodec;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What one nf_tables transaction shall do, in order. Nothing happens before {@link
 * NftNetlink#commit(NftBatch)}; then all of it does, or none. Not thread-safe.
 */
public final class NftBatch {
  private final List<Request> requests = new ArrayList<>();
  private int lastSetNumber;

  /** Creates a table unless it exists. Equivalent to: {@code add table …}. */
  public NftBatch addTable(NftTable table) {
    return add("add table " + table.id(), NftTableCodec.add(table));
  }

  /**
   * Deletes a table and all in it; ENOENT if there is none. Equivalent to: {@code delete table …}.
   */
  public NftBatch deleteTable(TableId table) {
    return add("delete table " + table, NftTableCodec.delete(table));
  }

  /**
   * Deletes a table and all in it, if there is one, on every kernel: creates it first. A table of
   * another owner is refused.
   */
  public NftBatch replaceTable(NftTable table) {
    return addTable(NftTable.of(table.id())).deleteTable(table.id()).addTable(table);
  }

  /** Creates a chain unless it exists. Equivalent to: {@code add chain …}. */
  public NftBatch addChain(NftChain chain) {
    return add("add chain " + chain.id(), NftChainCodec.add(chain));
  }

  /** Deletes an empty chain that nothing leads to. Equivalent to: {@code delete chain …}. */
  public NftBatch deleteChain(ChainId chain) {
    return add("delete chain " + chain, NftChainCodec.delete(chain));
  }

  /** Deletes a chain's rules. Equivalent to: {@code flush chain …}. */
  public NftBatch flushChain(ChainId chain) {
    return add("flush chain " + chain, NftRuleCodec.flush(chain));
  }

  /** Adds a rule behind the chain's others. Equivalent to: {@code add rule …}. */
  public NftBatch appendRule(NftRule rule) {
    return add("add rule to " + rule.chain(), NftRuleCodec.append(rule));
  }

  /** Adds a rule before the chain's others. Equivalent to: {@code insert rule …}. */
  public NftBatch insertRule(NftRule rule) {
    return add("insert rule into " + rule.chain(), NftRuleCodec.insert(rule));
  }

  /** Adds a rule before another. Equivalent to: {@code insert rule … handle HANDLE …}. */
  public NftBatch insertRuleBefore(NftRule rule, long handle) {
    return add(
        "insert rule into %s before %d".formatted(rule.chain(), handle),
        NftRuleCodec.insertBefore(rule, handle));
  }

  /** Deletes one rule. Equivalent to: {@code delete rule … handle HANDLE}. */
  public NftBatch deleteRule(ChainId chain, long handle) {
    return add("delete rule " + handle + " of " + chain, NftRuleCodec.delete(chain, handle));
  }

  /** Creates a set or map unless it exists. Equivalent to: {@code add set …}, {@code add map …}. */
  public NftBatch addSet(NftSet set) {
    return add("add set " + set.id(), NftSetCodec.add(set, ++lastSetNumber));
  }

  /**
   * Creates the set that one rule of this batch looks up: what nft writes in braces.
   *
   * @param set made by {@link NftSet#anonymous} or {@link NftSet#anonymousVerdictMap}
   * @return by which that rule, and no other, refers to it
   */
  public SetReference addAnonymousSet(NftSet set, Collection<SetElement> elements) {
    NftSet sized = set.withSize(elements.size());
    add("add anonymous set to " + set.id().table(), NftSetCodec.add(sized, ++lastSetNumber));
    SetReference reference = SetReference.inBatch(set.id(), lastSetNumber);
    addAll(
        "add elements to anonymous set of " + set.id().table(),
        SetElementCodec.add(set.id().table(), reference, List.copyOf(elements)));
    return reference;
  }

  /** Deletes a set that no rule looks up. Equivalent to: {@code delete set …}. */
  public NftBatch deleteSet(SetId set) {
    return add("delete set " + set, NftSetCodec.delete(set));
  }

  /** Adds elements. Equivalent to: {@code add element … { … }}. */
  public NftBatch addElements(SetId set, Collection<SetElement> elements) {
    return addAll(
        "add elements to " + set,
        SetElementCodec.add(set.table(), SetReference.named(set), List.copyOf(elements)));
  }

  /** Deletes elements; ENOENT if one is missing. Equivalent to: {@code delete element … { … }}. */
  public NftBatch deleteElements(SetId set, Collection<SetElement> elements) {
    return addAll("delete elements of " + set, SetElementCodec.delete(set, List.copyOf(elements)));
  }

  /**
   * Deletes elements, missing ones too. Equivalent to: {@code destroy element … { … }}; Linux 6.3,
   * before that the transaction is refused with EINVAL.
   */
  public NftBatch destroyElements(SetId set, Collection<SetElement> elements) {
    return addAll(
        "destroy elements of " + set, SetElementCodec.destroy(set, List.copyOf(elements)));
  }

  /** Deletes every element. Equivalent to: {@code flush set …}. */
  public NftBatch flushSet(SetId set) {
    return add("flush set " + set, SetElementCodec.flush(set));
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return requests.isEmpty();
  }

  /** How many messages it is. */
  public int size() {
    return requests.size();
  }

  /** The messages between the transaction's two ends. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  private NftBatch add(String operation, NetlinkMessage message) {
    requests.add(new Request(operation, message));
    return this;
  }

  private NftBatch addAll(String operation, List<NetlinkMessage> messages) {
    messages.forEach(message -> add(operation, message));
    return this;
  }
}
