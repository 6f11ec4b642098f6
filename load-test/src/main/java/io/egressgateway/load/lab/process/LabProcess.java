package io.egressgateway.load.lab.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** A running process of the lab. Thread-safe. */
public final class LabProcess {
  private static final String RESIDENT = "VmRSS:";
  private static final long BYTES_PER_KIB = 1024;

  private final LabCommand command;
  private final Process process;
  private final Path log;
  private volatile boolean stopping;

  LabProcess(LabCommand command, Process process, Path log) {
    this.command = command;
    this.process = process;
    this.log = log;
  }

  /** What was started. */
  public LabCommand command() {
    return command;
  }

  /** The command's name. */
  public String name() {
    return command.name();
  }

  /** The JVM's process id. */
  public long pid() {
    return process.pid();
  }

  /** Where its output goes. */
  public Path log() {
    return log;
  }

  /** Whether it has not ended yet. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it was told to end, and nobody starts it again by themselves. */
  public boolean isStopping() {
    return stopping;
  }

  /** Resident memory in bytes, as /proc says; empty if it has ended. */
  public OptionalLong residentBytes() {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    try {
      return Files.readAllLines(status, UTF_8).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // it ended meanwhile
    }
  }

  /** Everything it has printed so far, earlier runs under the same name included. */
  public String output() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + log, e);
    }
  }

  /** kill -9; the supervisor takes it for an accident. */
  public void crash() {
    process.destroyForcibly();
  }

  /** SIGTERM; the supervisor starts it again when it has ended. */
  public void terminate() {
    process.destroy();
  }

  void whenEnded(IntConsumer consumer) {
    Thread.ofVirtual()
        .name("end-of-" + name())
        .start(() -> consumer.accept(process.onExit().join().exitValue()));
  }

  void askToStop() {
    stopping = true;
    process.destroy();
  }

  void kill() {
    stopping = true;
    process.destroyForcibly();
  }

  /** Waits until it has ended, but not longer than this. */
  public boolean awaitEnd(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }
}
