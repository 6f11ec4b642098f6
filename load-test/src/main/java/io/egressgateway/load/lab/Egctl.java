package io.egressgateway.load.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@code egressgateway egctl} against the lab's API, as an operator would: from another
 * machine, so to speak, whose processor is none of the nodes'.
 */
public final class Egctl {
  private static final List<String> LAST = List.of("nice", "-n", "10");

  private Egctl() {}

  /**
   * Runs a command and returns what it printed.
   *
   * @throws IOException if it fails, with what it printed
   */
  public static String run(Lab lab, List<String> arguments) throws IOException {
    return run(lab, List.of(), arguments);
  }

  /**
   * Runs a command that asks the first controller, on the node where that is; returns what it
   * printed.
   *
   * @throws IOException if it fails, with what it printed
   */
  public static String ask(Lab lab, List<String> arguments) throws IOException {
    List<String> asking = new ArrayList<>(arguments);
    asking.addAll(
        List.of("--controller", "http://127.0.0.1:" + ControllerPorts.of(0).management()));
    LabNode node = lab.settings().topology().nodes(LabNode.Role.CONTROL_PLANE).getFirst();
    return run(lab, List.of("nsenter", "--net=" + node.namespace().path()), asking);
  }

  private static String run(Lab lab, List<String> prefix, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>(LAST);
    line.addAll(prefix);
    line.add(lab.settings().distribution().launcher().toString());
    line.add("egctl");
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", lab.api().kubeconfig().toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new IOException(
            "egctl %s ended with %d: %s"
                .formatted(String.join(" ", arguments), exitCode, output.strip()));
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in egctl", e);
    }
  }
}
