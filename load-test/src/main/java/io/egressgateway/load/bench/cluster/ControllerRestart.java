package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.fault.Faults;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.process.LabProcess;
import io.egressgateway.load.oracle.KernelOracle;
import io.egressgateway.node.kernel.KernelState;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The only controller is killed; what agents write to kernels until it is itself again. */
final class ControllerRestart {
  private static final String CONTROLLER = "controller-1";
  private static final String SYNCED = "egressgateway_controller_watcher{step=\"synced\"} 1.0";
  private static final Pattern CHANGES = Pattern.compile("plan applied .* changes=([1-9][0-9]*) ");
  private static final Patience PATIENCE =
      new Patience(Duration.ofMinutes(5), Duration.ofMillis(100));

  private final Lab lab;
  private final KernelOracle kernels;
  private final Consumer<String> progress;

  ControllerRestart(Lab lab, Consumer<String> progress) {
    this.lab = lab;
    this.kernels = new KernelOracle(lab.settings().topology());
    this.progress = progress;
  }

  /**
   * What was seen.
   *
   * @param synced from the kill until the new process had read the cluster
   * @param linked from the kill until all agents were linked again
   * @param changes that agents made to kernels, by their own account
   * @param changed nodes whose kernel has something else of ours than before
   */
  record Seen(Duration synced, Duration linked, int changes, long changed) {}

  /** Kills and watches, and waits for as long again as it took: plans may come late. */
  Seen measure() throws Exception {
    Map<NodeName, KernelState> before = states();
    int changesBefore = changes();
    long began = System.nanoTime();
    new Faults(lab, progress).crash(CONTROLLER).mend();
    PATIENCE.await(
        CONTROLLER + " to have read the cluster",
        () -> metrics().filter(text -> text.lines().anyMatch(SYNCED::equals)));
    Duration synced = Duration.ofNanos(System.nanoTime() - began);
    String allLinked =
        "egressgateway_controller_agent_sessions %d.0"
            .formatted(lab.settings().topology().nodes().size());
    PATIENCE.await(
        "all agents to be linked",
        () -> metrics().filter(text -> text.lines().anyMatch(allLinked::equals)));
    Duration linked = Duration.ofNanos(System.nanoTime() - began);
    Thread.sleep(linked);
    Map<NodeName, KernelState> after = states();
    long changed =
        before.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
            .count();
    return new Seen(synced, linked, changes() - changesBefore, changed);
  }

  private Map<NodeName, KernelState> states() throws IOException {
    Map<NodeName, KernelState> states = new TreeMap<>();
    for (LabNode node : lab.settings().topology().nodes()) {
      states.put(node.name(), kernels.state(node));
    }
    return states;
  }

  private Optional<String> metrics() {
    try {
      return Optional.of(lab.probes().controller(0, "/metrics").body());
    } catch (IOException e) {
      return Optional.empty(); // not listening yet
    }
  }

  private int changes() {
    return lab.agents().stream()
        .map(LabProcess::output)
        .flatMap(text -> CHANGES.matcher(text).results())
        .mapToInt(match -> Integer.parseInt(match.group(1)))
        .sum();
  }
}
