package io.egressgateway.load.api;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A server process that ends with this one. Where {@code setpriv} is installed the kernel kills it
 * when its parent thread ends, whatever way; that thread therefore lives as long as the child.
 */
final class ChildProcess implements AutoCloseable {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final long TERM_SECONDS_MAX = 3;
  private static final int LOG_TAIL_LINES = 8;

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a program.
   *
   * @param command the program and its arguments
   * @param log receives both of its outputs; its name without extension names the process
   * @throws IOException if it cannot be executed
   */
  static ChildProcess start(List<String> command, Path log) throws IOException {
    String name = log.getFileName().toString().replaceAll("\\.log$", "");
    List<String> guarded = new ArrayList<>();
    if (Files.isExecutable(SETPRIV)) {
      guarded.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
    }
    guarded.addAll(command);
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("parent-of-" + name)
        .start(() -> parent(guarded, log, started));
    try {
      return new ChildProcess(name, log, started.get());
    } catch (ExecutionException failure) {
      throw new IOException("cannot start " + name + ": " + command.getFirst(), failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      Process orphan = started.join();
      orphan.destroyForcibly();
      throw new IOException("interrupted while " + name + " started", interrupted);
    }
  }

  private static void parent(List<String> command, Path log, CompletableFuture<Process> started) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      started.complete(process);
      process.waitFor();
    } catch (IOException failure) {
      started.completeExceptionally(failure);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** For an error: that it ended, how, and its last words. */
  IOException deathNotice() throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> tail = lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size());
    return new IOException(
        "%s ended with exit code %d; its last words in %s:%n%s"
            .formatted(name, process.exitValue(), log, String.join(System.lineSeparator(), tail)));
  }

  /** kill -9; returns when it has ended. */
  void kill() throws IOException {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " was killed", interrupted);
    }
  }

  /** Asks it to end, and kills it if it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(TERM_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
