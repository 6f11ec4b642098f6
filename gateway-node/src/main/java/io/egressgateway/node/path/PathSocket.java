package io.egressgateway.node.path;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.node.netlink.RouteNetlink;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.PacketSocket;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.frame.AnswerFilter;
import io.egressgateway.node.netlink.wire.frame.EtherType;
import io.egressgateway.node.netlink.wire.route.Link;
import io.egressgateway.node.netlink.wire.route.LinkName;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks through the tunnel device, by one socket kept open. For one thread at a time. */
final class PathSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PathSocket.class);
  private static final SocketLimits LIMITS =
      SocketLimits.REQUESTS.withReceiveTimeout(Duration.ofMillis(100));

  private final RouteNetlink routing;
  private final Duration patience;
  private final LongSupplier clock;
  private Optional<Open> open = Optional.empty();

  private record Open(Port port, PacketSocket socket) {}

  /** What a socket is good for: a device that was replaced has another index. */
  private record Port(int linkIndex, int etherType, Bytes filter) {}

  private PathSocket(RouteNetlink routing, Duration patience, LongSupplier clock) {
    this.routing = routing;
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * In the calling thread's network namespace.
   *
   * @param patience for how long answers are waited for
   * @param clock monotonic nanoseconds
   * @throws NetlinkException if the kernel's links cannot be asked for
   */
  static PathSocket open(Duration patience, LongSupplier clock) {
    return new PathSocket(RouteNetlink.open(SocketLimits.REQUESTS), patience, clock);
  }

  /**
   * Asks all peers, and waits for their answers. Empty if the device takes no questions, or there
   * is none: that says nothing about paths.
   */
  Optional<SortedSet<NodeName>> ask(PathQuestions questions) {
    try {
      Optional<Link> link = routing.link(LinkName.of(questions.device()));
      if (link.isEmpty() || !link.get().isUp()) {
        return Optional.empty();
      }
      PacketSocket socket = socket(port(link.get().index(), questions));
      long began = clock.getAsLong();
      for (TunnelEndpoint peer : questions.peers().values()) {
        socket.send(questions.question(peer));
      }
      return Optional.of(answers(socket, questions, began));
    } catch (NetlinkException | MalformedNetlinkMessage refused) {
      LOG.debug("not asked device={} reason=\"{}\"", questions.device(), refused.getMessage());
      closeSocket();
      return Optional.empty();
    }
  }

  private SortedSet<NodeName> answers(PacketSocket socket, PathQuestions questions, long began) {
    SortedSet<NodeName> answers = new TreeSet<>();
    while (answers.size() < questions.peers().size()
        && clock.getAsLong() - began < patience.toNanos()) {
      socket.receive().flatMap(questions::answer).ifPresent(answers::add);
    }
    return Collections.unmodifiableSortedSet(answers);
  }

  private static Port port(int linkIndex, PathQuestions questions) {
    return switch (questions.family()) {
      case IPV4 -> new Port(linkIndex, EtherType.ARP, AnswerFilter.ARP_REPLIES);
      case IPV6 -> new Port(linkIndex, EtherType.IPV6, AnswerFilter.NEIGHBOUR_ADVERTISEMENTS);
    };
  }

  private PacketSocket socket(Port port) {
    if (open.isPresent() && open.get().port().equals(port)) {
      return open.get().socket();
    }
    closeSocket();
    PacketSocket socket =
        PacketSocket.open(port.linkIndex(), port.etherType(), port.filter(), LIMITS);
    open = Optional.of(new Open(port, socket));
    return socket;
  }

  private void closeSocket() {
    open.ifPresent(old -> old.socket().close());
    open = Optional.empty();
  }

  @Override
  public void close() {
    closeSocket();
    routing.close();
  }
}
