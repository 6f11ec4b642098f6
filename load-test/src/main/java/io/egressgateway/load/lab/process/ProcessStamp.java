package io.egressgateway.load.lab.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for another one that was given the same id later.
 *
 * @param pid process id
 * @param startTicks clock ticks after boot at which it started (proc(5), field 22 of stat)
 */
public record ProcessStamp(long pid, long startTicks) {
  private static final int START_TICKS_AFTER_NAME = 19;

  /** The living process with this id. */
  public static Optional<ProcessStamp> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), UTF_8);
      // The name stands in parentheses and may itself hold blanks and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(new ProcessStamp(pid, Long.parseLong(fields[START_TICKS_AFTER_NAME])));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // ESRCH: it ended between open and read.
      if (!Files.exists(Path.of("/proc", Long.toString(pid)))) {
        return Optional.empty();
      }
      throw new UncheckedIOException("read start time of process " + pid, e);
    }
  }

  /** Whether this very process still runs. */
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** Kills it, unless its id belongs to another process by now. */
  public void kill() {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return pid + " " + startTicks;
  }

  /** Reads {@code "pid ticks"}, whatever follows. */
  public static Optional<ProcessStamp> parse(String line) {
    String[] words = line.split(" ", -1);
    try {
      return words.length < 2
          ? Optional.empty()
          : Optional.of(new ProcessStamp(Long.parseLong(words[0]), Long.parseLong(words[1])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
