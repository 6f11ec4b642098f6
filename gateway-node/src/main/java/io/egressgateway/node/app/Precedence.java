package io.egressgateway.node.app;

import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.ThreadPriority;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the agent's threads comes first where several want a processor. A thread has that of the
 * one that started it, until it takes another. Without CAP_SYS_NICE everything works, but on a node
 * that is overloaded for as long as a lease its egress IPs move.
 */
enum Precedence {
  /**
   * What a lease waits for: its thread, the one that talks to the witnesses, and the one that stops
   * and starts all of Java's. CLOCK_MONOTONIC_RAW goes on while other threads of the machine wait
   * for this one.
   */
  LEASE(-10),

  /** What packets wait for: from a controller's word to the kernel's. */
  DATAPATH(-5),

  /** What nobody waits for: long readings of many connections. */
  NONE(0);

  private static final Logger LOG = LoggerFactory.getLogger(Precedence.class);

  /** It collects garbage, too. */
  private static final String VM_THREAD = "VM Thread";

  private static final AtomicBoolean REFUSED = new AtomicBoolean();

  private final int niceness;

  Precedence(int niceness) {
    this.niceness = niceness;
  }

  /** For the calling thread, and those that it starts from now on. Refusals are told once. */
  void take() {
    try {
      ThreadPriority.ofCallingThread(niceness);
    } catch (NetlinkException refused) {
      if (!REFUSED.getAndSet(true)) {
        LOG.warn(
            "thread has no precedence thread={} remedy=\"let the agent's container have SYS_NICE\""
                + " reason=\"{}\"",
            Thread.currentThread().getName(),
            refused.getMessage());
      }
    }
  }

  /** For the thread of the virtual machine for which all others wait. */
  void giveToVirtualMachine() {
    try {
      if (ThreadPriority.ofThreadsNamed(VM_THREAD, niceness) == 0) {
        LOG.warn("no thread of this virtual machine is named \"{}\"", VM_THREAD);
      }
    } catch (NetlinkException | IOException refused) {
      LOG.warn(
          "thread has no precedence thread=\"{}\" reason=\"{}\"", VM_THREAD, refused.toString());
    }
  }

  /** Makes daemon threads that begin with taking this. */
  ThreadFactory threads(String name) {
    return task ->
        Thread.ofPlatform()
            .name(name)
            .daemon(true)
            .unstarted(
                () -> {
                  take();
                  task.run();
                });
  }
}
