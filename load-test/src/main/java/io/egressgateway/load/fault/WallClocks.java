package io.egressgateway.load.fault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Wall clocks of processes, which libfaketime sets off while they run. Their monotonic clocks, and
 * what they sleep, stay the machine's: as on a machine whose time is set.
 *
 * @param library libfaketime's, for programs with threads
 * @param directory for a file with the offset of each process
 */
public record WallClocks(Path library, Path directory) implements AutoCloseable {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final Path IN_PACKAGE = Path.of("faketime", "libfaketimeMT.so.1");
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Pattern PAGE = Pattern.compile("(?:sem\\.)?faketime_(?:shm|sem)_(\\d+)");

  /**
   * Clocks that go right so far.
   *
   * @param directory for its files
   * @throws IllegalStateException if libfaketime is not installed, with the remedy
   */
  public static WallClocks in(Path directory) throws IOException {
    try (Stream<Path> architectures = Files.list(LIBRARIES)) {
      return architectures
          .map(place -> place.resolve(IN_PACKAGE))
          .filter(Files::isReadable)
          .findFirst()
          .map(found -> new WallClocks(found, directory))
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "libfaketime is not installed: install the Debian package 'libfaketime'."));
    }
  }

  /** What a process needs in its environment for its clock to be set off later. */
  public Map<String, String> environment(String process) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file(process).toString(),
        // In seconds. Reading the file for each look at the clock would be a load of its own.
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Else waits with a monotonic deadline end at once: it reckons with a faked clock.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** Within a second the clocks of these processes are this much before or behind the machine's. */
  public void set(Collection<String> processes, Duration offset) throws IOException {
    for (String process : processes) {
      // In one piece: a process may read it at any time.
      Path next = directory.resolve(process + ".next");
      Files.writeString(next, "%+d\n".formatted(offset.toSeconds()), US_ASCII);
      Files.move(
          next, file(process), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** The same, until mended. */
  public Breakage jump(Collection<String> processes, Duration offset) throws IOException {
    set(processes, offset);
    return new Breakage(
        "clocks of %s off by %s".formatted(processes, offset), () -> set(processes, Duration.ZERO));
  }

  /** Removes the shared memory that libfaketime leaves of processes that are gone. */
  @Override
  public void close() throws IOException {
    List<Path> left;
    try (Stream<Path> pages = Files.list(SHARED_MEMORY)) {
      left = pages.filter(WallClocks::isOfNobody).toList();
    }
    for (Path page : left) {
      Files.deleteIfExists(page);
    }
  }

  private static boolean isOfNobody(Path page) {
    Matcher name = PAGE.matcher(page.getFileName().toString());
    return name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
  }

  private Path file(String process) {
    return directory.resolve(process);
  }
}
