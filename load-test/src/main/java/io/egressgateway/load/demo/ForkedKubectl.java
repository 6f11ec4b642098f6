package io.egressgateway.load.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kubectl of this machine. */
final class ForkedKubectl implements Kubectl {
  private final Path kubeconfig;
  private final Path cache;

  private ForkedKubectl(Path kubeconfig, Path cache) {
    this.kubeconfig = kubeconfig;
    this.cache = cache;
  }

  /** Empty if there is no kubectl on PATH. */
  static Optional<Kubectl> onPath(Path kubeconfig) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder).resolve("kubectl"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(ignored -> new ForkedKubectl(kubeconfig, kubeconfig.resolveSibling("kubectl-cache")));
  }

  @Override
  public String apply(String yaml) throws IOException {
    return run(List.of("apply", "-f", "-"), yaml);
  }

  @Override
  public String get(List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("get"));
    line.addAll(arguments);
    return run(line, "");
  }

  @Override
  public String labelNode(String node, String key, String value) throws IOException {
    return run(List.of("label", "node", node, key + "=" + value), "");
  }

  @Override
  public String delete(String yaml) throws IOException {
    return run(List.of("delete", "-f", "-"), yaml);
  }

  private String run(List<String> arguments, String input) throws IOException {
    List<String> line = new ArrayList<>(List.of("kubectl"));
    line.add("--kubeconfig=" + kubeconfig);
    line.add("--cache-dir=" + cache);
    line.addAll(arguments);
    Path errors = Files.createTempFile(kubeconfig.getParent(), "kubectl", ".err");
    try {
      Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new IOException(
            "kubectl %s: %s".formatted(String.join(" ", arguments), Files.readString(errors)));
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while kubectl ran", e);
    } finally {
      Files.delete(errors);
    }
  }
}
