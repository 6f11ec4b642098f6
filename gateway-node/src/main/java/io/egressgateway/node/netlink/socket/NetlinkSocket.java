package io.egressgateway.node.netlink.socket;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NETLINK_CAP_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NETLINK_EXT_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NETLINK_GET_STRICT_CHK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLMSG_ERROR;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_ACK;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.SOL_NETLINK;

import io.egressgateway.node.netlink.wire.Acknowledgement;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A netlink socket for requests. It belongs to the network namespace of the thread that opened it,
 * for good.
 *
 * <p>For one platform thread at a time, and blocking: a native call would pin a virtual thread's
 * carrier. Every method throws {@link NetlinkException} for what the kernel refuses, with EAGAIN if
 * no answer came within the limits' time-out, and {@link
 * io.egressgateway.node.netlink.wire.MalformedNetlinkMessage} for an answer that cannot be read.
 */
public final class NetlinkSocket implements AutoCloseable {
  /** No request has this number: what answers anyway needs no acknowledgement. */
  private static final int NOT_ACKNOWLEDGED = 0;

  private final Descriptor descriptor;
  private final SocketLimits limits;
  private final int portId;
  private int lastSequence;
  private boolean answersLeft;

  private NetlinkSocket(Descriptor descriptor, SocketLimits limits) {
    this.descriptor = descriptor;
    this.limits = limits;
    this.portId = NetlinkAddress.portId(descriptor.address(NetlinkAddress.BYTES));
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static NetlinkSocket open(NetlinkProtocol protocol, SocketLimits limits) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a netlink socket needs a platform thread");
    }
    String name = "netlink socket " + protocol;
    Descriptor descriptor = Descriptor.open(name, NetlinkAddress.AF_NETLINK, protocol.number());
    try {
      descriptor.bind(NetlinkAddress.any());
      descriptor.option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
      descriptor.option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
      if (protocol == NetlinkProtocol.ROUTE) {
        // Lets the kernel filter dumps and refuse what it would otherwise ignore.
        descriptor.option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      }
      descriptor.receiveBuffer(limits.receiveBufferBytes());
      descriptor.receiveTimeout(limits.receiveTimeout());
      return new NetlinkSocket(descriptor, limits);
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** The socket's port id: notifications of changes made through it carry it. */
  public int portId() {
    return portId;
  }

  /** Sends one request and waits until the kernel has carried it out. */
  public void acknowledge(Request request) {
    NetlinkMessage sent = send(request.operation(), request.message().withFlags(NLM_F_ACK));
    while (true) {
      for (NetlinkMessage reply : receive(request.operation())) {
        if (reply.sequence() == sent.sequence() && reply.type() == NLMSG_ERROR) {
          throwUnlessDone(request.operation(), Acknowledgement.decode(reply));
          return;
        }
      }
    }
  }

  /** Sends one question and returns its one answer. */
  public NetlinkMessage ask(Request request) {
    NetlinkMessage sent = send(request.operation(), request.message());
    while (true) {
      for (NetlinkMessage reply : receive(request.operation())) {
        if (reply.sequence() == sent.sequence()) {
          if (reply.type() == NLMSG_ERROR) {
            throw new NetlinkException(request.operation(), Acknowledgement.decode(reply));
          }
          return reply;
        }
      }
    }
  }

  /**
   * Sends questions in one piece and waits until each has its one answer.
   *
   * @param requests no more than have room for their answers in the socket's receive buffer
   * @return the answers in order; none to a question about what is not there (ENOENT)
   */
  public List<NetlinkMessage> askAll(List<Request> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    String operation =
        "%d questions: %s, …".formatted(requests.size(), requests.get(0).operation());
    QuestionReplies replies = new QuestionReplies(requests, lastSequence + 1);
    sendAll(operation, requests, NOT_ACKNOWLEDGED);
    while (!replies.isComplete()) {
      replies.take(receive(operation));
    }
    return replies.found();
  }

  /**
   * Reads a whole table, again if it changed meanwhile.
   *
   * @throws DumpInterrupted if it changed during every attempt
   */
  public List<NetlinkMessage> dump(Request request) {
    for (int attempt = 0; attempt < limits.dumpAttemptsMax(); attempt++) {
      Optional<List<NetlinkMessage>> rows = dumpOnce(request);
      if (rows.isPresent()) {
        return rows.get();
      }
    }
    throw new DumpInterrupted(request.operation(), limits.dumpAttemptsMax());
  }

  private Optional<List<NetlinkMessage>> dumpOnce(Request request) {
    List<NetlinkMessage> rows = new ArrayList<>();
    return switch (read(request, rows::add)) {
      case INTERRUPTED -> Optional.empty();
      case RUNNING, COMPLETE -> Optional.of(List.copyOf(rows));
    };
  }

  private DumpReplies.Progress read(Request request, Consumer<NetlinkMessage> rows) {
    NetlinkMessage sent = send(request.operation(), request.message());
    DumpReplies replies = new DumpReplies(request.operation(), sent.sequence(), rows);
    DumpReplies.Progress progress = DumpReplies.Progress.RUNNING;
    while (progress == DumpReplies.Progress.RUNNING) {
      progress = replies.take(receive(request.operation()));
    }
    return progress;
  }

  /**
   * Reads a table that may be large and changes all the time, without keeping it.
   *
   * @param rows is given each row; some may be missing if the table changes meanwhile
   */
  public void scan(Request request, Consumer<NetlinkMessage> rows) {
    read(request, rows);
  }

  /**
   * Sends all requests in one piece and waits for the answer to the last but one: an nf_tables
   * transaction, which begins and ends with its batch messages. The kernel carries out all or none.
   *
   * @param requests at least three
   * @throws TransactionRejected naming every request that was refused; nothing has changed then
   */
  public void transact(List<Request> requests) {
    String operation =
        "transaction of %d messages: %s, …".formatted(requests.size(), requests.get(1).operation());
    TransactionReplies replies = new TransactionReplies(requests, lastSequence + 1);
    sendAll(operation, requests, replies.acknowledged());
    while (!replies.isComplete()) {
      replies.take(receive(operation));
    }
    replies.throwIfRejected();
  }

  /**
   * Sends requests that do not depend on each other in one piece and waits until the kernel has
   * tried them all. What one of them meets is no matter of the others.
   *
   * @return by their places in the list those that were refused
   * @throws NetlinkException if not all answers came, with ENOBUFS because they had no room: then
   *     nobody knows which of the requests were carried out
   */
  public SortedMap<Integer, NetlinkException> acknowledgeAll(List<Request> requests) {
    if (requests.isEmpty()) {
      return Collections.emptySortedMap();
    }
    String operation = "%d requests: %s, …".formatted(requests.size(), requests.get(0).operation());
    int first = lastSequence + 1;
    int last = lastSequence + requests.size();
    sendAll(operation, requests, last);
    SortedMap<Integer, NetlinkException> failures = new TreeMap<>();
    for (boolean complete = false; !complete; ) {
      for (NetlinkMessage reply : receive(operation)) {
        int place = reply.sequence() - first;
        if (reply.type() == NLMSG_ERROR && place >= 0 && place < requests.size()) {
          Acknowledgement answer = Acknowledgement.decode(reply);
          complete |= reply.sequence() == last;
          if (!answer.isSuccess()) {
            failures.put(place, new NetlinkException(requests.get(place).operation(), answer));
          }
        }
      }
    }
    return Collections.unmodifiableSortedMap(failures);
  }

  private void sendAll(String operation, List<Request> requests, int acknowledged) {
    long length = requests.stream().mapToLong(r -> r.message().encodedLength()).sum();
    if (length > limits.sendBytesMax()) {
      throw new NetlinkException(
          "%s: %d bytes, the most is %d".formatted(operation, length, limits.sendBytesMax()),
          Errno.EMSGSIZE);
    }
    ByteBuffer buffer = descriptor.outgoing((int) length);
    for (Request request : requests) {
      NetlinkMessage numbered =
          request.message().withoutFlags(NLM_F_ACK).withSequence(++lastSequence);
      // Acknowledging every message could fill the receive buffer; failures come unasked.
      (lastSequence == acknowledged ? numbered.withFlags(NLM_F_ACK) : numbered).writeTo(buffer);
    }
    makeRoom(operation);
    descriptor.send(operation);
  }

  /** What is left of the answers to a request that failed would leave no room for others. */
  private void makeRoom(String operation) {
    while (answersLeft) {
      try {
        descriptor.receiveNow(operation);
      } catch (NetlinkException none) {
        // That some were lost is known; whoever asked for them has been told.
        answersLeft = none.errno() == Errno.ENOBUFS;
      }
    }
  }

  private NetlinkMessage send(String operation, NetlinkMessage message) {
    NetlinkMessage numbered = message.withSequence(++lastSequence);
    numbered.writeTo(descriptor.outgoing(numbered.encodedLength()));
    makeRoom(operation);
    descriptor.send(operation);
    return numbered;
  }

  private List<NetlinkMessage> receive(String operation) {
    try {
      return NetlinkMessage.parse(descriptor.receive(operation));
    } catch (NetlinkException | MalformedNetlinkMessage failed) {
      answersLeft = true;
      throw failed;
    }
  }

  private static void throwUnlessDone(String operation, Acknowledgement answer) {
    if (!answer.isSuccess()) {
      throw new NetlinkException(operation, answer);
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
