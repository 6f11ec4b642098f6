package io.egressgateway.load.bench.datapath;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs what an administrator would type, in a namespace. */
final class Shell {
  private Shell() {}

  /**
   * Runs a script, of which the first failing line is the last.
   *
   * @throws IOException if it fails, with what it printed
   */
  static Duration run(NetNamespace namespace, String script) throws Exception {
    return feed(namespace, "", "sh", "-e", "-c", script);
  }

  /**
   * Runs a command with this text as its input.
   *
   * @return how long it ran
   * @throws IOException if it fails, with what it printed
   */
  static Duration feed(NetNamespace namespace, String input, String... command)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
    line.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    long started = System.nanoTime();
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int exitCode = process.waitFor();
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    if (exitCode != 0) {
      throw new IOException(
          "%s in %s ended with %d: %s"
              .formatted(command[command.length - 1], namespace, exitCode, output.strip()));
    }
    return took;
  }
}
