package io.egressgateway.node.netlink;

import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.socket.NetlinkSocket;
import io.egressgateway.node.netlink.socket.Request;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.socket.TransactionRejected;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.NftChainCodec;
import io.egressgateway.node.netlink.wire.nft.NftGeneration;
import io.egressgateway.node.netlink.wire.nft.NftMessage;
import io.egressgateway.node.netlink.wire.nft.NftRuleCodec;
import io.egressgateway.node.netlink.wire.nft.NftSetCodec;
import io.egressgateway.node.netlink.wire.nft.NftTableCodec;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetElementCodec;
import io.egressgateway.node.netlink.wire.nft.SetEntry;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The nf_tables ruleset of the network namespace it was opened in. Changes go in transactions; what
 * the kernel refuses is a {@link NetlinkException}. Lists come in the kernel's order.
 *
 * <p>For one platform thread at a time, and blocking. A table with {@code TableFlag.OWNER} belongs
 * to this client until it is closed.
 */
public final class NftNetlink implements AutoCloseable {
  /** Asked at once; an answer takes some 4 KiB of the receive buffer. */
  private static final int QUESTIONS_MAX = 128;

  private final NetlinkSocket socket;
  private int committed;

  private NftNetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static NftNetlink open(SocketLimits limits) {
    return new NftNetlink(NetlinkSocket.open(NetlinkProtocol.NETFILTER, limits));
  }

  /** The port id by which a {@link NetlinkMonitor} knows this client's changes. */
  public int portId() {
    return socket.portId();
  }

  /** The ruleset's generation. */
  public NftGeneration generation() {
    return NftMessage.decodeGeneration(
        socket.ask(new Request("read nf_tables generation", NftMessage.getGeneration())));
  }

  /**
   * A number that changes with each transaction that another client commits, and not with those of
   * this client: while it is the same, nobody else has changed anything. Only a batch of ours that
   * changes nothing makes it another one, too.
   */
  public int othersTransactions() {
    return generation().id() - committed;
  }

  /**
   * Carries out a batch, all or nothing; an empty one is nothing. Equivalent to: {@code nft -f
   * FILE}.
   *
   * @throws TransactionRejected naming every message that was refused
   */
  public void commit(NftBatch batch) {
    commit(batch, NftMessage.batchBegin());
  }

  /**
   * Carries out a batch if the ruleset is still at {@code generation}.
   *
   * @throws TransactionRejected with ERESTART if it is not
   */
  public void commit(NftBatch batch, NftGeneration generation) {
    commit(batch, NftMessage.batchBegin(generation.id()));
  }

  private void commit(NftBatch batch, NetlinkMessage begin) {
    if (batch.isEmpty()) {
      return;
    }
    List<Request> requests = new ArrayList<>();
    requests.add(new Request("begin nf_tables transaction", begin));
    requests.addAll(batch.requests());
    requests.add(new Request("end nf_tables transaction", NftMessage.batchEnd()));
    socket.transact(requests);
    committed++;
  }

  /** Every table of every family. Equivalent to: {@code nft list tables}. */
  public List<TableEntry> tables() {
    return dump("list tables", NftTableCodec.dump(), NftTableCodec::reads, NftTableCodec::decode);
  }

  /** The chains of a table. Equivalent to: {@code nft list chains}. */
  public List<ChainEntry> chains(TableId table) {
    return dump(
            "list chains of " + table,
            NftChainCodec.dump(table.family()),
            NftChainCodec::reads,
            NftChainCodec::decode)
        .stream()
        .filter(entry -> entry.chain().id().table().equals(table))
        .toList();
  }

  /** One chain, if it is there. Equivalent to: {@code nft list chain …}, without its rules. */
  public Optional<ChainEntry> chain(ChainId chain) {
    try {
      return Optional.of(
          NftChainCodec.decode(
              socket.ask(new Request("show chain " + chain, NftChainCodec.get(chain)))));
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The rules of a chain in order. Equivalent to: {@code nft -a list chain …}. */
  public List<RuleEntry> rules(ChainId chain) {
    return dump(
            "list rules of " + chain,
            NftRuleCodec.dump(chain),
            NftRuleCodec::reads,
            NftRuleCodec::decode)
        .stream()
        .filter(entry -> entry.rule().chain().equals(chain))
        .toList();
  }

  /** The rules of a table, chain by chain in order. Equivalent to: {@code nft -a list table …}. */
  public List<RuleEntry> rules(TableId table) {
    return dump(
            "list rules of " + table,
            NftRuleCodec.dump(table),
            NftRuleCodec::reads,
            NftRuleCodec::decode)
        .stream()
        .filter(entry -> entry.rule().chain().table().equals(table))
        .toList();
  }

  /** The sets and maps of a table, without elements. Equivalent to: {@code nft list sets}. */
  public List<SetEntry> sets(TableId table) {
    return dump(
            "list sets of " + table,
            NftSetCodec.dump(table),
            NftSetCodec::reads,
            NftSetCodec::decode)
        .stream()
        .filter(entry -> entry.set().id().table().equals(table))
        .toList();
  }

  /**
   * The elements of a set or map, in the kernel's order, which of a hash is none. Equivalent to:
   * {@code nft list set …}. Costs the kernel time that grows with the square of their number: about
   * a second for 100,000.
   *
   * <p>A hash made without a size grows behind the scenes, and a dump while it does may miss
   * elements or bring them twice, without a word from the kernel. Give large sets a size.
   */
  public List<SetElement> elements(SetId set) {
    List<List<SetElement>> parts =
        dump(
            "list elements of " + set,
            SetElementCodec.dump(set),
            SetElementCodec::reads,
            SetElementCodec::decode);
    return parts.stream().flatMap(List::stream).toList();
  }

  /**
   * The elements of a set or map that have these keys; of a range that has both ends. Equivalent
   * to: {@code nft get element … { … }}. Not for sets of plain intervals, whose ends are elements
   * of their own. Costs the kernel the same whatever the number of the set's elements.
   */
  public List<SetElement> elements(SetId set, Collection<SetElement> keys) {
    List<SetElement> found = new ArrayList<>();
    List<Request> questions = new ArrayList<>();
    for (SetElement key : keys) {
      questions.add(new Request("get element of " + set, SetElementCodec.get(set, key)));
      if (questions.size() == QUESTIONS_MAX) {
        askAll(questions, found);
        questions.clear();
      }
    }
    askAll(questions, found);
    return List.copyOf(found);
  }

  private void askAll(List<Request> questions, List<SetElement> found) {
    socket.askAll(questions).forEach(answer -> found.addAll(SetElementCodec.decode(answer)));
  }

  private <T> List<T> dump(
      String operation,
      NetlinkMessage request,
      Predicate<NetlinkMessage> reads,
      Function<NetlinkMessage, T> decode) {
    List<T> rows = new ArrayList<>();
    for (NetlinkMessage message : socket.dump(new Request(operation, request))) {
      if (reads.test(message)) {
        rows.add(decode.apply(message));
      }
    }
    return List.copyOf(rows);
  }

  @Override
  public void close() {
    socket.close();
  }
}
