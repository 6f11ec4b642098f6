package io.egressgateway.node.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Which start of the agent within which boot of the node this is. The counter is kept in a file of
 * two words: the boot's identifier and the number.
 *
 * @param bootId as the kernel names the boot
 * @param number 1 for the first start within a boot
 */
record Incarnation(String bootId, long number) {
  private static final String FILE = "incarnation";

  /**
   * Counts this start.
   *
   * @param bootIdFile normally {@code /proc/sys/kernel/random/boot_id}
   * @param stateDirectory made if it is missing
   * @throws IOException naming the file that cannot be read or written
   */
  static Incarnation next(Path bootIdFile, Path stateDirectory) throws IOException {
    String bootId = Files.readString(bootIdFile, US_ASCII).strip();
    Files.createDirectories(stateDirectory);
    Path file = stateDirectory.resolve(FILE);
    Incarnation next = new Incarnation(bootId, last(bootId, file) + 1);
    Path written = stateDirectory.resolve(FILE + ".new");
    Files.writeString(written, next.bootId() + " " + next.number() + "\n", US_ASCII);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return next;
  }

  private static long last(String bootId, Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    String[] words = Files.readString(file, US_ASCII).strip().split(" ", 2);
    boolean sameBoot = words.length == 2 && words[0].equals(bootId);
    if (!sameBoot) {
      return 0;
    }
    try {
      return Long.parseLong(words[1]);
    } catch (NumberFormatException broken) {
      throw new IOException(
          file + " holds '" + words[1] + "' instead of a number; delete it", broken);
    }
  }
}
