package io.egressgateway.node.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * That at most one agent works on a node. The kernel takes the lock back when the process ends,
 * however it ends.
 *
 * @param lock held as long as this is open
 */
record AgentLock(FileLock lock) implements AutoCloseable {
  private static final String FILE = "lock";

  /**
   * Takes the lock.
   *
   * @param directory made if it is missing
   * @throws IOException if another process has it
   */
  static AgentLock take(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(FILE);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new IOException(
          "an agent is running on this node, it has locked " + file + "; end it first");
    }
    return new AgentLock(lock);
  }

  @Override
  public void close() throws IOException {
    lock.acquiredBy().close();
  }
}
