package io.egressgateway.node.netlink;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.socket.NetlinkSocket;
import io.egressgateway.node.netlink.socket.Request;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackCodec;
import io.egressgateway.node.netlink.wire.conntrack.ConntrackEntry;
import io.egressgateway.node.netlink.wire.conntrack.FlowKey;
import io.egressgateway.node.netlink.wire.conntrack.MarkFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The tracked connections of the network namespace it was opened in. Many at once only by mark:
 * connections of others are not ours to read, still less to delete.
 *
 * <p>For one platform thread at a time, and blocking: a dump of 50,000 connections takes about half
 * a second, as does making them.
 */
public final class ConntrackNetlink implements AutoCloseable {
  /** Entries in one send: their refusals, should all be refused, fit into the receive buffer. */
  private static final int AT_ONCE_MAX = 256;

  private final NetlinkSocket socket;

  private ConntrackNetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static ConntrackNetlink open(SocketLimits limits) {
    return new ConntrackNetlink(NetlinkSocket.open(NetlinkProtocol.NETFILTER, limits));
  }

  /**
   * The connections of a family with such a mark; the kernel filters. Connections that come and go
   * meanwhile may be in it or not. For where they are few: {@link #scan} keeps none. Equivalent to:
   * {@code conntrack -L -f … -m VALUE/MASK}.
   */
  public List<ConntrackEntry> entries(IpFamily family, MarkFilter marks) {
    Request request =
        new Request(
            "list " + family + " connections marked " + marks, ConntrackCodec.dump(family, marks));
    return socket.dump(request).stream()
        .filter(ConntrackCodec::reads)
        .map(ConntrackCodec::decode)
        .filter(entry -> marks.matches(entry.progress().mark()))
        .toList();
  }

  /**
   * The same, one after the other, for which there need not be room for all.
   *
   * @param each is given each connection
   */
  public void scan(IpFamily family, MarkFilter marks, Consumer<ConntrackEntry> each) {
    Request request =
        new Request(
            "scan " + family + " connections marked " + marks, ConntrackCodec.dump(family, marks));
    socket.scan(
        request,
        row -> {
          if (ConntrackCodec.reads(row)) {
            ConntrackEntry entry = ConntrackCodec.decode(row);
            if (marks.matches(entry.progress().mark())) {
              each.accept(entry);
            }
          }
        });
  }

  /**
   * How many connections, whosever, could not become known since the kernel was started, because
   * one of their addresses and ports was taken: their first packet was dropped. Equivalent to the
   * sum of {@code insert_failed} in {@code conntrack -S}.
   */
  public long refusals() {
    Request request = new Request("count refused connections", ConntrackCodec.statistics());
    return socket.dump(request).stream().mapToLong(ConntrackCodec::refusals).sum();
  }

  /** One connection, if it is known. Equivalent to: {@code conntrack -G …}. */
  public Optional<ConntrackEntry> entry(FlowKey key) {
    try {
      Request request = new Request("show " + describe(key), ConntrackCodec.get(key));
      return Optional.of(ConntrackCodec.decode(socket.ask(request)));
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Makes connections known. What one of them meets is no matter of the others. Equivalent to:
   * {@code conntrack -I …}.
   *
   * @return refusals, in order: EEXIST for those whose addresses and ports are taken
   */
  public List<NetlinkException> create(Collection<ConntrackEntry> entries) {
    return carryOut(
        entries,
        entry -> new Request("create " + describe(entry.key()), ConntrackCodec.create(entry)));
  }

  /**
   * Forgets connections. What one of them meets is no matter of the others.
   *
   * @return refusals, in order: ENOENT for those that are not known
   */
  public List<NetlinkException> deleteAll(Collection<FlowKey> keys) {
    return carryOut(
        keys, key -> new Request("delete " + describe(key), ConntrackCodec.delete(key)));
  }

  /**
   * Gives connections other marks; nothing else of them changes. What one of them meets is no
   * matter of the others. Equivalent to: {@code conntrack -U … -m MARK}.
   *
   * @return refusals, in order: ENOENT for those that are not known
   */
  public List<NetlinkException> markAll(Map<FlowKey, Integer> marks) {
    return carryOut(
        marks.entrySet(),
        entry ->
            new Request(
                "mark " + describe(entry.getKey()),
                ConntrackCodec.mark(entry.getKey(), entry.getValue())));
  }

  private <T> List<NetlinkException> carryOut(Collection<T> all, Function<T, Request> request) {
    List<NetlinkException> refusals = new ArrayList<>();
    List<Request> piece = new ArrayList<>();
    for (T one : all) {
      piece.add(request.apply(one));
      if (piece.size() == AT_ONCE_MAX) {
        refusals.addAll(socket.acknowledgeAll(piece).values());
        piece.clear();
      }
    }
    refusals.addAll(socket.acknowledgeAll(piece).values());
    return List.copyOf(refusals);
  }

  /** Forgets a connection. Equivalent to: {@code conntrack -D …}. */
  public void delete(FlowKey key) {
    socket.acknowledge(new Request("delete " + describe(key), ConntrackCodec.delete(key)));
  }

  /**
   * Forgets all connections of both families with such a mark; none is no error. Equivalent to:
   * {@code conntrack -D -m VALUE/MASK}.
   */
  public void deleteMarked(MarkFilter marks) {
    socket.acknowledge(
        new Request("delete connections marked " + marks, ConntrackCodec.deleteMarked(marks)));
  }

  private static String describe(FlowKey key) {
    return "connection " + key.original();
  }

  @Override
  public void close() {
    socket.close();
  }
}
