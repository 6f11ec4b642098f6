package io.egressgateway.node.netlink.socket;

import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLMSG_DONE;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLMSG_ERROR;
import static io.egressgateway.node.netlink.wire.NetlinkConstants.NLM_F_DUMP_INTR;

import io.egressgateway.node.netlink.wire.Acknowledgement;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.util.List;
import java.util.function.Consumer;

/** Takes the answers to one dump request. Not thread-safe. */
final class DumpReplies {
  /** How far a dump has come. */
  enum Progress {
    /** More answers are on their way. */
    RUNNING,
    /** All rows are there. */
    COMPLETE,
    /** All rows that come are there, but the table changed meanwhile: some may be missing. */
    INTERRUPTED
  }

  private final String operation;
  private final int sequence;
  private final Consumer<NetlinkMessage> rows;
  private boolean interrupted;

  /**
   * @param sequence of the request; answers to others are ignored
   * @param rows is given each row
   */
  DumpReplies(String operation, int sequence, Consumer<NetlinkMessage> rows) {
    this.rows = rows;
    this.operation = operation;
    this.sequence = sequence;
  }

  /**
   * Takes one datagram's messages.
   *
   * @throws NetlinkException if the kernel refused the dump or broke it off
   */
  Progress take(List<NetlinkMessage> replies) {
    for (NetlinkMessage reply : replies) {
      if (reply.sequence() == sequence && takeOwn(reply)) {
        return interrupted ? Progress.INTERRUPTED : Progress.COMPLETE;
      }
    }
    return Progress.RUNNING;
  }

  private boolean takeOwn(NetlinkMessage reply) {
    interrupted |= reply.hasFlags(NLM_F_DUMP_INTR);
    if (reply.type() != NLMSG_DONE && reply.type() != NLMSG_ERROR) {
      rows.accept(reply);
      return false;
    }
    Acknowledgement end = Acknowledgement.decode(reply);
    interrupted |= end.errno() == Errno.EINTR;
    if (!end.isSuccess() && !interrupted) {
      throw new NetlinkException(operation, end);
    }
    return true;
  }
}
