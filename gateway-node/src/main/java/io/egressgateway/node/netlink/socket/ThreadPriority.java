package io.egressgateway.node.netlink.socket;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The scheduler's weight of platform threads. */
public final class ThreadPriority {
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;
  private static final Path TASKS = Path.of("/proc/self/task");
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
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("only a platform thread has a niceness");
    }
    set(CALLING_THREAD, Thread.currentThread().getName(), niceness);
  }

  /**
   * The same for threads of this process that are not Java's.
   *
   * @param name as the kernel knows it (proc(5), {@code /proc/self/task/TID/comm})
   * @return how many there were
   * @throws IOException if the threads cannot be read
   */
  public static int ofThreadsNamed(String name, int niceness) throws IOException {
    int found = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        if (name.equals(nameOf(task))) {
          set(Integer.parseInt(task.getFileName().toString()), name, niceness);
          found++;
        }
      }
    }
    return found;
  }

  /** Empty for a thread that has ended meanwhile. */
  private static String nameOf(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (NoSuchFileException ended) {
      return "";
    }
  }

  private static void set(int thread, String name, int niceness) {
    if (niceness < NICENESS_MIN || niceness > NICENESS_MAX) {
      throw new IllegalArgumentException("niceness " + niceness + " is not in -20..19");
    }
    SystemCalls.check(
        "set the niceness of thread " + name + " to " + niceness,
        () -> SystemCalls.PROCESS.setpriority(PRIO_PROCESS, thread, niceness));
  }
}
