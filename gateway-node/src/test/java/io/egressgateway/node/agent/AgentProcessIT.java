package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.link.v1.AgentMessage.MessageCase;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.app.AgentMain;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as the process it is in production, in a node's namespace. */
final class AgentProcessIT {
  private static final String EIP = "10.6.168.201";
  private static final String POD = "10.244.1.5";
  private static final int WORKER = 11;
  private static final int GATEWAY = 12;
  private static final int GATEWAY_PORT = 5821;
  private static final int WORKER_PORT = 5822;
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final long RESIDENT_KIB_MAX = 160 * 1024;

  private final DatapathLab lab = new DatapathLab();
  private final TestCa ca = new TestCa();
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final TestController ofGateway;
  private final TestController ofWorker;

  AgentProcessIT(@TempDir Path directory) throws Exception {
    this.directory = directory;
    this.ofGateway = TestController.in(lab.server(), GATEWAY_PORT, ca, directory.resolve("g"));
    this.ofWorker = TestController.in(lab.server(), WORKER_PORT, ca, directory.resolve("w"));
  }

  @AfterEach
  void stop() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    ofGateway.close();
    ofWorker.close();
    lab.close();
  }

  private Process agent(NetworkNamespace node, int number, int port) throws Exception {
    Path tls = directory.resolve("tls" + number);
    TlsFiles files =
        ca.issue(tls, "egressgateway-agent:node-" + number, "node.agent.egressgateway");
    Files.copy(files.certificate(), tls.resolve("agent.crt"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(files.key(), tls.resolve("agent.key"), StandardCopyOption.REPLACE_EXISTING);
    ProcessBuilder builder =
        new ProcessBuilder(
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
                AgentMain.class.getName(),
                "--node=node-" + number,
                "--controller=10.6.168.1:" + port,
                "--tls-dir=" + tls,
                "--state-dir=" + directory.resolve("state" + number),
                "--log-level=debug")
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    directory.resolve("agent" + number + ".log").toFile()));
    // A child is born in the namespace of the thread that starts it.
    Process process = node.run(builder::start);
    processes.add(process);
    return process;
  }

  @Test
  void aKilledAgentLosesNoPacketAndItsSuccessorAdoptsWhatIsThere() throws Exception {
    NetworkNamespace worker = lab.node(WORKER);
    NetworkNamespace gateway = lab.node(GATEWAY);
    NetworkNamespace pod = lab.pod(worker, POD);
    NodePlan gatewayPlan =
        Plans.plan(
            Plans.mesh(GATEWAY, WORKER),
            Selection.none(Plans.CLUSTER),
            Plans.holding(EIP, GATEWAY));
    NodePlan workerPlan =
        Plans.plan(Plans.mesh(WORKER, GATEWAY), Plans.selection(POD), Plans.routedTo(GATEWAY));
    Process gatewayAgent = agent(gateway, GATEWAY, GATEWAY_PORT);
    assertThat(serve(ofGateway, gatewayPlan)).isEqualTo(1);
    Process workerAgent = agent(worker, WORKER, WORKER_PORT);
    assertThat(serve(ofWorker, workerPlan)).isEqualTo(1);

    Stream stream = new Stream(lab.client(pod));
    gatewayAgent.destroyForcibly().waitFor();
    agent(gateway, GATEWAY, GATEWAY_PORT);
    assertThat(serve(ofGateway, gatewayPlan)).isEqualTo(2);
    workerAgent.destroyForcibly().waitFor();
    Process successor = agent(worker, WORKER, WORKER_PORT);
    assertThat(serve(ofWorker, workerPlan)).isEqualTo(2);
    assertThat(residentKib(successor))
        .get()
        .satisfies(kib -> assertThat(kib).isLessThan(RESIDENT_KIB_MAX));
    successor.destroy();
    successor.waitFor();
    assertThat(stream.finish()).isNotEmpty().allMatch(source -> source.equals(EIP));
    assertThat(Files.readString(directory.resolve("agent" + WORKER + ".log")))
        .contains("plan applied revision=1 changes=0");
  }

  /** Gives the plan to the agent that connects next. Returns which start of the agent it is. */
  private static long serve(TestController controller, NodePlan plan) throws Exception {
    long incarnation = controller.await(MessageCase.HELLO).getHello().getIncarnation();
    controller.offer(plan);
    assertThat(controller.await(MessageCase.PLAN_APPLIED).getPlanApplied().getRevision())
        .isEqualTo(plan.revision().value());
    return incarnation;
  }

  /** One flow without a pause: each packet waits for the answer to the one before. */
  private static final class Stream {
    private final List<String> sources = new CopyOnWriteArrayList<>();
    private final Thread thread;

    Stream(DatapathLab.Client client) {
      thread = Thread.ofPlatform().daemon(true).start(() -> run(client));
    }

    private void run(DatapathLab.Client client) {
      try {
        while (!Thread.currentThread().isInterrupted()) {
          sources.add(client.ask().orElse("lost"));
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      } catch (IOException broken) {
        sources.add(broken.toString());
      }
    }

    /** Ends the flow and says which source the server saw each time. */
    List<String> finish() throws InterruptedException {
      thread.interrupt();
      thread.join();
      return sources;
    }
  }

  private static Optional<Long> residentKib(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }
}
