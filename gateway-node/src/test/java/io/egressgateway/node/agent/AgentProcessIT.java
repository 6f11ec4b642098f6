package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.link.v1.AgentMessage.MessageCase;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as the process it is in production, in a node's namespace. */
final class AgentProcessIT {
  private static final String POD = "10.244.1.5";
  private static final int WORKER = 11;
  private static final int WORKER_PORT = 5822;
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final long RESIDENT_KIB_MAX = 160 * 1024;

  private final LeaseLab lab;
  private final TestController ofWorker;

  AgentProcessIT(@TempDir Path directory) throws Exception {
    this.lab = new LeaseLab(directory);
    this.ofWorker =
        TestController.in(lab.lab().server(), WORKER_PORT, lab.ca(), directory.resolve("w"));
  }

  @AfterEach
  void stop() throws Exception {
    ofWorker.close();
    lab.stop();
  }

  @Test
  void aKilledAgentOfAWorkerLosesNoPacketAndItsSuccessorAdoptsWhatIsThere() throws Exception {
    NetworkNamespace worker = lab.lab().node(WORKER);
    NetworkNamespace pod = lab.lab().pod(worker, POD);
    lab.startAgent();
    lab.hold(LeaseLab.plan(WORKER), 1);
    NodePlan workerPlan =
        Plans.plan(
            Plans.mesh(WORKER, LeaseLab.GATEWAY),
            Plans.selection(POD),
            Plans.routedTo(LeaseLab.GATEWAY));
    Process workerAgent = lab.agents().start(worker, WORKER, WORKER_PORT);
    assertThat(serve(ofWorker, workerPlan)).isEqualTo(1);

    Stream stream = new Stream(lab.lab().client(pod));
    workerAgent.destroyForcibly().waitFor();
    Process successor = lab.agents().start(worker, WORKER, WORKER_PORT);
    assertThat(serve(ofWorker, workerPlan)).isEqualTo(2);
    assertThat(AgentProcesses.residentKib(successor))
        .get()
        .satisfies(kib -> assertThat(kib).isLessThan(RESIDENT_KIB_MAX));
    successor.destroy();
    assertThat(successor.waitFor()).isZero();
    assertThat(stream.finish()).isNotEmpty().allMatch(source -> source.equals(LeaseLab.EIP));
    assertThat(lab.agents().log(WORKER)).contains("plan applied revision=1 changes=0");
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
}
