package io.egressgateway.node.app;

import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.ThreadPriority;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lease waits for comes before other work of the machine: its thread, the one that talks to
 * the witnesses, and the one that stops and starts all of Java's. Without CAP_SYS_NICE everything
 * works, but on a node that is overloaded for as long as a lease its egress IPs move.
 */
final class Precedence {
  private static final Logger LOG = LoggerFactory.getLogger(Precedence.class);

  /** CLOCK_MONOTONIC_RAW goes on while other threads of the machine wait for this one. */
  private static final int NICENESS = -10;

  /** It collects garbage, too. */
  private static final String VM_THREAD = "VM Thread";

  private Precedence() {}

  /** For the calling thread. */
  static void take() {
    try {
      ThreadPriority.ofCallingThread(NICENESS);
    } catch (NetlinkException refused) {
      LOG.warn(
          "thread has no precedence thread={} remedy=\"let the agent's container have SYS_NICE\""
              + " reason=\"{}\"",
          Thread.currentThread().getName(),
          refused.getMessage());
    }
  }

  /** For the thread of the virtual machine for which all others wait. */
  static void giveToVirtualMachine() {
    try {
      if (ThreadPriority.ofThreadsNamed(VM_THREAD, NICENESS) == 0) {
        LOG.warn("no thread of this virtual machine is named \"{}\"", VM_THREAD);
      }
    } catch (NetlinkException | IOException refused) {
      LOG.warn(
          "thread has no precedence thread=\"{}\" reason=\"{}\"", VM_THREAD, refused.toString());
    }
  }

  /** A task that takes precedence for the thread that it runs on. */
  static Runnable before(Runnable task) {
    return () -> {
      take();
      task.run();
    };
  }
}
