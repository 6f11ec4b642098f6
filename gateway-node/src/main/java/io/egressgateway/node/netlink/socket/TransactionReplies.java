package io.egressgateway.node.netlink.socket;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLMSG_ERROR;

import io.egressgateway.node.netlink.wire.Acknowledgement;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the answers to one transaction and joins them to its requests. The kernel sends them when
 * all is done: an error for each refused message in order, and the acknowledgement asked for with
 * the last message before the end. An error of the begin message is the whole transaction's (a
 * wrong generation, a failed commit); nothing need follow it. Pure; not thread-safe.
 */
final class TransactionReplies {
  private final List<Request> requests;
  private final int first;
  private final List<NetlinkException> failures = new ArrayList<>();
  private boolean complete;

  /**
   * @param requests begin and end included, numbered without gaps
   * @param first the begin message's number
   */
  TransactionReplies(List<Request> requests, int first) {
    this.requests = requests;
    this.first = first;
  }

  /** The number of the message whose acknowledgement ends the answers. */
  int acknowledged() {
    return first + requests.size() - 2;
  }

  /** Takes one datagram's messages; answers to other requests are ignored. */
  void take(List<NetlinkMessage> replies) {
    for (NetlinkMessage reply : replies) {
      int place = reply.sequence() - first;
      if (reply.type() == NLMSG_ERROR && place >= 0 && place < requests.size()) {
        Acknowledgement answer = Acknowledgement.decode(reply);
        complete |= place == 0 || reply.sequence() == acknowledged();
        if (!answer.isSuccess()) {
          failures.add(new NetlinkException(requests.get(place).operation(), answer));
        }
      }
    }
  }

  /** Whether nothing more is to come. */
  boolean isComplete() {
    return complete;
  }

  /**
   * Ends quietly if everything was done.
   *
   * @throws TransactionRejected if anything was refused
   */
  void throwIfRejected() {
    if (!failures.isEmpty()) {
      throw new TransactionRejected(failures);
    }
  }
}
