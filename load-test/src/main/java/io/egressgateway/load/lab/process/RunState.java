package io.egressgateway.load.lab.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of the one lab that a machine can have, and the list of its processes, so that the
 * next run can remove what a killed run left. Holding it means holding a file lock, which the
 * kernel gives back however this process ends. Thread-safe.
 */
public final class RunState implements AutoCloseable {
  /** Where the lab of this machine keeps its files. */
  public static final Path DIRECTORY = Path.of("/run/egressgateway-lab");

  private static final String PROCESSES = "processes";

  private final Path directory;
  private final Path lockFile;
  private final FileChannel lockChannel;

  private RunState(Path directory, Path lockFile, FileChannel lockChannel) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.lockChannel = lockChannel;
  }

  /**
   * Takes the folder, kills the processes that a killed run left in its list and empties it.
   *
   * @throws LabBusyException if another lab is up
   * @throws IOException if the folder cannot be written
   */
  public static RunState claim(Path directory) throws IOException {
    Path lockFile = directory.resolveSibling(directory.getFileName() + ".lock");
    FileChannel channel = FileChannel.open(lockFile, CREATE, WRITE);
    if (tryLock(channel).isEmpty()) {
      channel.close();
      throw new LabBusyException(
          "another lab is up on this machine (it holds %s); end it first".formatted(lockFile));
    }
    RunState state = new RunState(directory, lockFile, channel);
    try {
      state.killLeftovers();
      deleteTree(directory);
      Files.createDirectories(directory);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return state;
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // this very JVM has it
    }
  }

  /** The folder, for logs, keys and data. */
  public Path directory() {
    return directory;
  }

  /** Writes a process down before anything depends on it. */
  public synchronized void remember(ProcessStamp process, String name) {
    try {
      Files.writeString(
          directory.resolve(PROCESSES), process + " " + name + "\n", UTF_8, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("write down process " + name, e);
    }
  }

  private void killLeftovers() throws IOException {
    Path list = directory.resolve(PROCESSES);
    if (!Files.exists(list)) {
      return;
    }
    List<ProcessStamp> living =
        Files.readAllLines(list, UTF_8).stream()
            .flatMap(line -> ProcessStamp.parse(line).stream())
            .filter(ProcessStamp::isAlive)
            .toList();
    living.forEach(ProcessStamp::kill);
    for (ProcessStamp process : living) {
      ProcessHandle.of(process.pid()).ifPresent(handle -> handle.onExit().join());
    }
  }

  /** Removes the folder and gives the machine back to the next lab. */
  @Override
  public void close() {
    try {
      deleteTree(directory);
      Files.deleteIfExists(lockFile);
      lockChannel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("remove " + directory, e);
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> innermostFirst;
    try (Stream<Path> paths = Files.walk(tree)) {
      innermostFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : innermostFirst) {
      Files.deleteIfExists(path);
    }
  }
}
