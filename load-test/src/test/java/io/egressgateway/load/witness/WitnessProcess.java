package io.egressgateway.load.witness;

import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.load.lab.process.Distribution;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One witness, started as an operator does, that can be killed and started again. */
final class WitnessProcess implements AutoCloseable {
  private final WitnessAddress self;
  private final List<WitnessAddress> all;
  private final Path tls;
  private final Path log;
  private Optional<Process> process = Optional.empty();

  WitnessProcess(WitnessAddress self, List<WitnessAddress> all, Path tls, Path log) {
    this.self = self;
    this.all = all;
    this.tls = tls;
    this.log = log;
  }

  /** Addresses on the loopback interface that nobody listens on now. */
  static List<WitnessAddress> freeAddresses(int count) throws IOException {
    List<WitnessAddress> addresses = new ArrayList<>();
    List<ServerSocket> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      addresses.add(new WitnessAddress("127.0.0.1", socket.getLocalPort()));
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
    return addresses.stream().sorted().toList();
  }

  void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Distribution.ofThisProcess().launcher().toString());
    command.addAll(List.of("witness", "--bind-host", self.host(), "--self", self.toString()));
    command.addAll(List.of("--monitor-port", "0"));
    for (WitnessAddress peer : all) {
      if (!peer.equals(self)) {
        command.addAll(List.of("--peer", peer.toString()));
      }
    }
    command.addAll(List.of("--tls-dir", tls.toString()));
    process =
        Optional.of(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
  }

  /** kill -9. */
  void crash() throws InterruptedException {
    process.orElseThrow().destroyForcibly().waitFor();
  }

  /** Asks it to end and waits until it has. */
  int stop() throws InterruptedException {
    Process running = process.orElseThrow();
    running.destroy();
    if (!running.waitFor(1, TimeUnit.MINUTES)) {
      throw new AssertionError("the witness does not end");
    }
    return running.exitValue();
  }

  boolean isAlive() {
    return process.filter(Process::isAlive).isPresent();
  }

  String output() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroyForcibly);
  }
}
