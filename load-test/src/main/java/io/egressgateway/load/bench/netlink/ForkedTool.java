package io.egressgateway.load.bench.netlink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that is started anew for every change, as scripts do. It runs in the network namespace
 * of the thread that starts it.
 *
 * @param program its file
 */
public record ForkedTool(Path program) {
  private static final Path NOTHING = Path.of("/dev/null");

  /**
   * Runs it and waits for its end. What it complains about goes to our standard error.
   *
   * @throws IllegalStateException if it does not end with 0
   */
  void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    int exitCode =
        new ProcessBuilder(command)
            .redirectInput(NOTHING.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "'%s' ended with %d".formatted(String.join(" ", command), exitCode));
    }
  }
}
