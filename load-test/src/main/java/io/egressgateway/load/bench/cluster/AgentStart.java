package io.egressgateway.load.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.lab.process.ProcessStamp;
import io.egressgateway.load.lab.process.Supervisor;
import io.egressgateway.node.agent.NetlinkKernel;
import io.egressgateway.node.agent.Reconciliation;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Kills an agent, takes its work out of the kernel, and sees how long the next one takes to do it
 * all again.
 */
record AgentStart(Supervisor supervisor, LabNode node) {
  private static final String APPLIED = "plan applied";

  /** Clock ticks of /proc are 10 ms on every Linux that Java runs on (USER_HZ). */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final double NANOS_PER_SECOND = 1e9;

  /** From the process's start, the launcher's script included, until it logged a plan applied. */
  Duration measure() throws Exception {
    LabProcess old = supervisor.process("agent-" + node.name());
    int linesBefore = timesApplied(old);
    old.crash();
    Patience.IMPATIENT.await(
        old.name() + " to end", () -> old.isAlive() ? Optional.empty() : Optional.of(old));
    clearKernel();
    LabProcess fresh =
        Patience.IMPATIENT.await(
            old.name() + " to be started again",
            () ->
                Optional.of(supervisor.process(old.name()))
                    .filter(process -> process.pid() != old.pid()));
    long startNanos =
        ProcessStamp.of(fresh.pid())
                .orElseThrow(() -> new IOException(fresh.name() + " ended at once"))
                .startTicks()
            * NANOS_PER_TICK;
    Patience.IMPATIENT.await(
        fresh.name() + " to apply a plan",
        () -> timesApplied(fresh) > linesBefore ? Optional.of(fresh) : Optional.empty());
    return Duration.ofNanos(sinceBootNanos() - startNanos);
  }

  private void clearKernel() throws IOException {
    try (NamespaceExecutor inside = new NamespaceExecutor(node.namespace())) {
      inside.call(
          () -> {
            try (NetlinkKernel kernel =
                NetlinkKernel.open(Optional.empty(), AddressLifetime.FOREVER)) {
              return Reconciliation.clear(kernel);
            }
          });
    }
  }

  private static int timesApplied(LabProcess agent) {
    return agent.output().split(APPLIED, -1).length;
  }

  private static long sinceBootNanos() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"), UTF_8);
    return (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * NANOS_PER_SECOND);
  }
}
