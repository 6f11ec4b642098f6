package io.egressgateway.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the tools of others, such as nft and ip, in a namespace, as a foreign hand would. */
public final class ForeignTool {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
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
    feed(namespace, command, "", PATIENCE);
  }

  static void run(List<String> line) throws IOException {
    feed(line, "", PATIENCE);
  }

  /**
   * Runs a shell's script, of which the first line that fails is the last.
   *
   * @throws IOException if it fails, with what it printed
   */
  public static void script(NetNamespace namespace, String script) throws IOException {
    run(namespace, List.of("sh", "-e", "-c", script));
  }

  /**
   * Runs a command.
   *
   * @param input that it reads
   * @param patience how long it may take to end when it has closed its output
   * @throws IOException if it cannot be run or fails, with what it printed
   */
  public static void feed(
      NetNamespace namespace, List<String> command, String input, Duration patience)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
    line.addAll(command);
    feed(line, input, patience);
  }

  private static void feed(List<String> line, String input, Duration patience) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
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
