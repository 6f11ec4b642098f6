package io.egressgateway.node.netlink.socket;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLMSG_ERROR;

import io.egressgateway.node.netlink.wire.Acknowledgement;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the answers to questions that were sent together. The kernel answers each in turn: with a
 * message, or with an error. Pure; not thread-safe.
 */
final class QuestionReplies {
  private final List<Request> requests;
  private final int first;
  private final List<NetlinkMessage> found = new ArrayList<>();
  private int answered;

  /**
   * @param requests numbered without gaps
   * @param first the first question's number
   */
  QuestionReplies(List<Request> requests, int first) {
    this.requests = requests;
    this.first = first;
  }

  /**
   * Takes one datagram's messages; answers to other requests are ignored.
   *
   * @throws NetlinkException for an error other than that something is not there
   */
  void take(List<NetlinkMessage> replies) {
    for (NetlinkMessage reply : replies) {
      int place = reply.sequence() - first;
      if (place < 0 || place >= requests.size()) {
        continue;
      }
      answered++;
      if (reply.type() != NLMSG_ERROR) {
        found.add(reply);
        continue;
      }
      NetlinkException refused =
          new NetlinkException(requests.get(place).operation(), Acknowledgement.decode(reply));
      if (refused.errno() != Errno.ENOENT) {
        throw refused;
      }
    }
  }

  /** Whether each question has its answer. */
  boolean isComplete() {
    return answered >= requests.size();
  }

  /** The answers that are messages, in order. */
  List<NetlinkMessage> found() {
    return List.copyOf(found);
  }
}
