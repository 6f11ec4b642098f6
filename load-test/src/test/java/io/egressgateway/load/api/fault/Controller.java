package io.egressgateway.load.api.fault;

import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.HttpProbe;
import io.egressgateway.load.lab.pki.LabPki;
import io.egressgateway.load.lab.process.Distribution;
import io.egressgateway.load.lab.process.LabCommand;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.lab.process.RunState;
import io.egressgateway.load.lab.process.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A controller's process without a lab: it decides and shows, and there are no agents. Nobody
 * starts it again when it ends.
 */
final class Controller implements AutoCloseable {
  private static final String NAME = "controller";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int LOG_LINES = 60;

  private final RunState state;
  private final Supervisor supervisor;
  private final List<Integer> ports;
  private final LabCommand command;

  private Controller(RunState state, Path kubeconfig) throws IOException {
    this.state = state;
    this.supervisor =
        new Supervisor(
            new Supervisor.Started(Distribution.ofThisProcess(), process -> Map.of()),
            state,
            System.out::println);
    this.ports = freePorts();
    Path tls = state.directory().resolve("tls");
    new LabPki(Clock.systemUTC().instant()).writeController(tls);
    this.command =
        new LabCommand(
            NAME,
            Optional.empty(),
            List.of(
                "controller",
                "--kubeconfig=" + kubeconfig,
                "--artery-port=" + ports.get(0),
                "--management-port=" + ports.get(1),
                "--agent-port=" + ports.get(2),
                "--monitor-port=" + ports.get(3),
                // Nobody is there: without nodes nothing is asked of witnesses.
                "--witness=127.0.0.1:1",
                "--tls-dir=" + tls,
                "--data-dir=" + state.directory().resolve("data")),
            LabCommand.Restart.NEVER);
  }

  /**
   * Prepares one.
   *
   * @param directory its own
   */
  static Controller in(Path directory, Path kubeconfig) throws IOException {
    return new Controller(RunState.claim(directory), kubeconfig);
  }

  /** All are held until the last is known, so that they differ. */
  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  void start() throws IOException {
    supervisor.start(command);
  }

  /** Ends it in good order. */
  void stop() {
    Supervisor.stop(List.of(process()));
  }

  private LabProcess process() {
    return supervisor.process(NAME);
  }

  /** It is never started again, so that this is true only if it has not ended since its start. */
  boolean isAlive() {
    return process().isAlive();
  }

  /** What it has logged, earlier runs included. */
  String log() {
    return process().output();
  }

  /** The end of its log, without stack traces. */
  String lastLines() {
    List<String> lines = log().lines().filter(line -> line.startsWith("2")).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  private HttpProbe.Answer ask(int port, String path) throws IOException {
    return HttpProbe.get(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), path, PATIENCE);
  }

  /** Why it is not ready; empty if it is. */
  Optional<String> unreadiness() {
    try {
      HttpProbe.Answer answer = ask(ports.get(1), "/ready");
      return Optional.of(answer.body()).filter(body -> answer.status() != OK);
    } catch (IOException notListening) {
      return Optional.of(String.valueOf(notListening.getMessage()));
    }
  }

  void awaitReady() throws Exception {
    Patience.USUAL.await(
        "the controller to be ready",
        () -> unreadiness().isEmpty() ? Optional.of(true) : Optional.empty());
  }

  /** Whether its metrics say that the Kubernetes API does not serve it. */
  boolean complains() throws IOException {
    return ask(ports.get(3), "/metrics")
        .body()
        .lines()
        .anyMatch(
            line -> line.startsWith("egressgateway_controller_degraded{mode=\"kubernetes\"} 1"));
  }

  void awaitComplaint(boolean wanted) throws Exception {
    Patience.USUAL.await(
        "egressgateway_controller_degraded{mode=\"kubernetes\"} to be " + (wanted ? 1 : 0),
        () -> complains() == wanted ? Optional.of(true) : Optional.empty());
  }

  @Override
  public void close() {
    supervisor.close();
    state.close();
  }
}
