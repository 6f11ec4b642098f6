package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.process.ProcessStamp;
import io.egressgateway.load.lab.process.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A container that runs. Thread-safe. */
final class ContainerProcess {
  private final ContainerScript script;
  private final Process process;

  private ContainerProcess(ContainerScript script, Process process) {
    this.script = script;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param namespace path of the network namespace
   * @param log its output is appended there
   * @param state where the process is written down, so that it cannot be left over
   * @throws IOException if the machine lacks nsenter or unshare
   */
  static ContainerProcess start(ContainerScript script, Path namespace, Path log, RunState state)
      throws IOException {
    for (Path folder : script.folders()) {
      Files.createDirectories(folder);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                "nsenter",
                "--net=" + namespace,
                "unshare",
                "--mount",
                "--propagation=private",
                "sh",
                "-c",
                script.text())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().clear();
    builder.environment().putAll(script.container().environment());
    Process process = builder.start();
    ProcessStamp.of(process.pid())
        .ifPresent(stamp -> state.remember(stamp, script.container().name()));
    return new ContainerProcess(script, process);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Of a process that has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** Waits until it has ended. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** Runs a command where the container runs; true if it ends with 0 in time. */
  boolean execute(List<String> command, Duration patience)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    String pid = Long.toString(process.pid());
    line.addAll(List.of("nsenter", "-t", pid, "--mount", "--net", "chroot"));
    line.add(script.root().toString());
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(script.container().environment());
    Process started = builder.start();
    if (!started.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      started.destroyForcibly();
      return false;
    }
    return started.exitValue() == 0;
  }

  /** SIGTERM, and SIGKILL if it has not ended in time. */
  void stop(Duration grace) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
