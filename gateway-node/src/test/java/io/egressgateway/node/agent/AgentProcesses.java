package io.egressgateway.node.agent;

import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.app.AgentMain;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import io.egressgateway.node.netlink.socket.ThreadStat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Agents as the processes they are in production. */
final class AgentProcesses {
  private final TestCa ca;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  AgentProcesses(TestCa ca, Path directory) {
    this.ca = ca;
    this.directory = directory;
  }

  /** Starts the agent of a node; it finds its controller at the router. */
  Process start(NetworkNamespace node, int number, int port) throws Exception {
    Path tls = directory.resolve("tls" + number);
    TlsFiles files =
        ca.issue(tls, "egressgateway-agent:node-" + number, "node.agent.egressgateway");
    Files.copy(files.certificate(), tls.resolve("agent.crt"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(files.key(), tls.resolve("agent.key"), StandardCopyOption.REPLACE_EXISTING);
    return run(
        node,
        logFile(number),
        "--node=node-" + number,
        "--controller=10.6.168.1:" + port,
        "--tls-dir=" + tls,
        "--state-dir=" + directory.resolve("state" + number),
        "--log-level=debug");
  }

  /** Takes everything out of a node. */
  Process remove(NetworkNamespace node) {
    return run(node, directory.resolve("remove.log"), "--remove");
  }

  private Process run(NetworkNamespace node, Path log, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xss512k",
                "-Xms16m",
                "-Xmn6m",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMain.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // A child is born in the namespace of the thread that starts it.
    Process process = node.run(builder::start);
    processes.add(process);
    return process;
  }

  /** What the agents of a node have said. */
  String log(int number) throws IOException {
    return Files.readString(logFile(number));
  }

  private Path logFile(int number) {
    return directory.resolve("agent" + number + ".log");
  }

  /** Resident memory. */
  static Optional<Long> residentKib(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }

  /** Of threads by what the kernel calls them, the first 15 characters of their names. */
  static Map<String, Integer> niceness(Process process) throws IOException {
    Map<String, Integer> found = new HashMap<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads) {
        ThreadStat stat;
        try {
          stat = ThreadStat.read(thread);
        } catch (IOException ended) {
          continue;
        }
        found.put(stat.name(), stat.niceness());
      }
    }
    return found;
  }

  void stop() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }
}
