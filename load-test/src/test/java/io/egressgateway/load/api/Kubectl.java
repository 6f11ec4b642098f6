package io.egressgateway.load.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real kubectl against one API. */
final class Kubectl {
  private static final long SECONDS_MAX = 60;

  /** What a call printed, and how it ended. */
  record Result(int exitCode, String out) {
    /** Each line's words. */
    List<List<String>> words() {
      return out.lines().map(line -> List.of(line.strip().split("\\s+", -1))).toList();
    }
  }

  private final Path binary;
  private final Path kubeconfig;
  private final Path home;

  private Kubectl(Path binary, Path kubeconfig, Path home) {
    this.binary = binary;
    this.kubeconfig = kubeconfig;
    this.home = home;
  }

  /**
   * @param home for its discovery cache
   */
  static Kubectl of(KubeApi api, Path home) {
    return new Kubectl(
        onPath()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "kubectl is not on the PATH: this test proves that it works; install it")),
        api.kubeconfig(),
        home);
  }

  private static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder).resolve("kubectl"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs it and expects success. */
  String run(String... args) {
    Result result = tryRun(args);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "kubectl %s: exit %d: %s"
              .formatted(String.join(" ", args), result.exitCode(), result.out()));
    }
    return result.out();
  }

  /** Runs it; both outputs are one. */
  Result tryRun(String... args) {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("kubectl hangs: " + command);
      }
      return new Result(process.exitValue(), out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
