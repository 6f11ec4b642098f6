package io.egressgateway.node.monitor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel has counted on one network device, from {@code /proc/net/dev}:
 *
 * <pre>
 *   device: bytes packets errs drop fifo frame compressed multicast  (received)
 *           bytes packets errs drop fifo colls carrier compressed    (sent)
 * </pre>
 */
record DeviceCounters(Direction received, Direction sent) {
  private static final Path FILE = Path.of("/proc/net/dev");
  private static final int SENT_COLUMN = 8;
  private static final int COLUMNS = 16;

  /**
   * @param drops packets with errors and packets that found no room
   */
  record Direction(long bytes, long packets, long drops) {}

  /** Those of the device; empty if there is none of that name, as before the first plan. */
  static Optional<DeviceCounters> of(String device) throws IOException {
    return parse(device, Files.readString(FILE, US_ASCII));
  }

  static Optional<DeviceCounters> parse(String device, String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(device + ":"))
        .map(line -> line.substring(device.length() + 1).strip().split("\\s+"))
        .filter(columns -> columns.length >= COLUMNS)
        .map(columns -> new DeviceCounters(direction(columns, 0), direction(columns, SENT_COLUMN)))
        .findFirst();
  }

  private static Direction direction(String[] columns, int first) {
    return new Direction(
        Long.parseLong(columns[first]),
        Long.parseLong(columns[first + 1]),
        Long.parseLong(columns[first + 2]) + Long.parseLong(columns[first + 3]));
  }
}
