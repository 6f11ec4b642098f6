package io.egressgateway.node.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.node.kernel.KernelFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values below {@code /proc/sys}, which shows each thread those of its own network namespace. Each
 * write is logged: these belong to the node, and others may care.
 *
 * @param root normally {@code /proc/sys}
 */
record Settings(Path root) {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

  /** Those of the paths that exist. */
  SortedMap<String, String> read(Collection<String> paths) throws KernelFault {
    SortedMap<String, String> values = new TreeMap<>();
    for (String path : paths) {
      Path file = root.resolve(path);
      try {
        if (Files.exists(file)) {
          values.put(path, Files.readString(file, US_ASCII).strip());
        }
      } catch (IOException unreadable) {
        throw new KernelFault("read", file.toString(), reason(unreadable));
      }
    }
    return values;
  }

  void write(String path, String value) throws KernelFault {
    Path file = root.resolve(path);
    try {
      String before = Files.readString(file, US_ASCII).strip();
      Files.writeString(file, value, US_ASCII);
      LOG.info("setting changed file={} from={} to={}", file, before, value);
    } catch (IOException refused) {
      throw new KernelFault("set", file + " = " + value, reason(refused));
    }
  }

  private static String reason(IOException failure) {
    return failure.getClass().getSimpleName()
        + ": "
        + failure.getMessage()
        + "; the agent must run as root with /proc/sys writable";
  }
}
