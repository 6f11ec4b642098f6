package io.egressgateway.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the tools of others, such as nft and ip, in a namespace, as a foreign hand would. */
final class ForeignTool {
  private static final long PATIENCE_SECONDS = 20;
  private static final List<String> PLACES = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

  private ForeignTool() {}

  /** Whether the machine has the tool. */
  static boolean isThere(String tool) {
    return PLACES.stream().anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
  }

  /**
   * Runs a command.
   *
   * @throws IOException if it cannot be run or fails, with what it printed
   */
  static void run(NetNamespace namespace, List<String> command) throws IOException {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
    line.addAll(command);
    run(line);
  }

  static void run(List<String> line) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(line + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + line, e);
    }
    if (process.exitValue() != 0) {
      throw new IOException("%s: %s".formatted(String.join(" ", line), output.strip()));
    }
  }
}
