package io.egressgateway.load.lab;

import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether this process may do what a lab needs. */
public final class Privileges {
  private static final String EFFECTIVE = "CapEff:";
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;
  private static final List<Integer> NEEDED = List.of(CAP_NET_ADMIN, CAP_SYS_ADMIN);

  private Privileges() {}

  /** What is missing, and the remedy, as a sentence; empty if nothing is. */
  public static Optional<String> missing() {
    long effective = effectiveCapabilities();
    if (NEEDED.stream().anyMatch(capability -> (effective >> capability & 1) == 0)) {
      return Optional.of(
          "network namespaces need root. Run it with sudo, or where the kernel allows it rootless:\n"
              + "  unshare -Urnm sh -c 'mount -t tmpfs tmpfs /run && ./egressgateway demo'");
    }
    Path parent = NetNamespace.DIRECTORY.getParent();
    if (!Files.isWritable(parent)) {
      return Optional.of(
          parent + " cannot be written, and named namespaces live there; mount a tmpfs on it.");
    }
    return Optional.empty();
  }

  private static long effectiveCapabilities() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith(EFFECTIVE))
          .mapToLong(line -> Long.parseLong(line.substring(EFFECTIVE.length()).strip(), 16))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // no /proc: surely not the machine for this
    }
  }
}
