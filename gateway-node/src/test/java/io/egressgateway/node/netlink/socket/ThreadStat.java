package io.egressgateway.node.netlink.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What proc(5) says of a thread in {@code stat}.
 *
 * @param name as the kernel has it: the first 15 characters
 */
public record ThreadStat(String name, int niceness) {
  private static final int NAME_FIELD = 2;
  private static final int NICENESS_FIELD = 19;

  /**
   * Reads it.
   *
   * @param thread its folder, for instance {@code /proc/thread-self}
   * @throws IOException if the thread has ended
   */
  public static ThreadStat read(Path thread) throws IOException {
    String stat = Files.readString(thread.resolve("stat"));
    // The name may have blanks and brackets.
    int end = stat.lastIndexOf(')');
    String[] behindName = stat.substring(end + 2).split(" ", -1);
    return new ThreadStat(
        stat.substring(stat.indexOf('(') + 1, end),
        Integer.parseInt(behindName[NICENESS_FIELD - NAME_FIELD - 1]));
  }
}
