package io.egressgateway.node.netlink.socket;

/** The scheduler's weight of one platform thread. */
public final class ThreadPriority {
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;
  private static final int NICENESS_MIN = -20;
  private static final int NICENESS_MAX = 19;

  private ThreadPriority() {}

  /**
   * Sets the calling platform thread's niceness, -20 (first) to 19 (last). Below 0 it needs
   * CAP_SYS_NICE.
   *
   * @throws NetlinkException with EACCES or EPERM without it
   */
  public static void ofCallingThread(int niceness) {
    if (niceness < NICENESS_MIN || niceness > NICENESS_MAX) {
      throw new IllegalArgumentException("niceness " + niceness + " is not in -20..19");
    }
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("only a platform thread has a niceness");
    }
    SystemCalls.check(
        "set the niceness of thread " + Thread.currentThread().getName() + " to " + niceness,
        () -> SystemCalls.PROCESS.setpriority(PRIO_PROCESS, CALLING_THREAD, niceness));
  }
}
