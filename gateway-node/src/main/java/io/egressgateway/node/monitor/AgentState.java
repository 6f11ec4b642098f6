package io.egressgateway.node.monitor;

import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.node.agent.Findings;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.LinkSettings.Endpoint;
import io.egressgateway.node.agent.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** How the agent is, as far as it has said. Thread-safe. */
final class AgentState {

  /** In what the node does less than it should. */
  enum Mode {
    CONTROLLERS,
    KERNEL,
    LEASE,
    UPLINK
  }

  /** A plan that waits so long, and whose writing has not even failed, waits for a hung thread. */
  private static final Duration HUNG = Duration.ofMinutes(2);

  private record Pending(Revision revision, long sinceNanos) {}

  private final LongSupplier nanos;
  private Optional<Endpoint> controller = Optional.empty();
  private Optional<NodePlan> plan = Optional.empty();
  private Optional<Pending> pending = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private boolean enlisted;
  private Optional<NodeSession> session = Optional.empty();
  private Standing standing = Standing.UNLEASED;
  private final SortedSet<IpAddress> open = new TreeSet<>();
  private SortedSet<NodeName> lostPaths = new TreeSet<>();
  private Findings findings = Findings.NONE;

  AgentState(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void linked(Endpoint endpoint) {
    controller = Optional.of(endpoint);
  }

  synchronized void unlinked() {
    controller = Optional.empty();
  }

  synchronized void wanted(NodePlan next) {
    plan = Optional.of(next);
    failure = Optional.empty();
    pending = Optional.of(new Pending(next.revision(), nanos.getAsLong()));
  }

  synchronized void news(LeaseNews news) {
    switch (news) {
      case LeaseNews.Enlisted ignored -> enlisted = true;
      case LeaseNews.Dismissed ignored -> enlisted = false;
      case LeaseNews.Changed(NodeSession changed, Standing now) -> stand(changed, now);
      case LeaseNews.Told ignored -> {}
    }
  }

  synchronized void told(Report report) {
    switch (report) {
      case Report.Applied(Revision revision, Duration ignored) -> {
        failure = Optional.empty();
        pending = pending.filter(waiting -> waiting.revision().compareTo(revision) > 0);
      }
      case Report.Failed failed ->
          failure = Optional.of(failed.fault().subject() + ": " + failed.fault().reason());
      case Report.Facts facts -> {
        lostPaths = facts.lostPaths();
        findings = facts.findings();
      }
      case Report.Beat(NodeSession beating, Standing now) -> stand(beating, now);
      case Report.Opened(IpAddress address, var ignored, var alsoIgnored) -> open.add(address);
      case Report.Released(IpAddress address, var ignored, var alsoIgnored) -> open.remove(address);
      case Report.Conflict ignored -> {}
      case Report.FlowsHanded ignored -> {}
      case Report.FlowsReplicated ignored -> {}
      case Report.FlowsInstalled ignored -> {}
      case Report.Examined ignored -> {}
    }
  }

  private void stand(NodeSession changed, Standing now) {
    boolean closed =
        session.filter(changed::equals).isEmpty()
            || now == Standing.UNLEASED
            || now == Standing.UPLINK_DOWN;
    if (closed) {
      open.clear();
    }
    session = Optional.of(changed);
    standing = now;
  }

  synchronized boolean isLinked() {
    return controller.isPresent();
  }

  synchronized Optional<NodePlan> plan() {
    return plan;
  }

  /** Gateway nodes that are used and not reached through the tunnel. */
  synchronized SortedSet<NodeName> lostPaths() {
    return lostPaths;
  }

  /** What is wrong in the kernel, as the last survey found it. */
  synchronized Findings findings() {
    return findings;
  }

  /** How long the newest plan has been waiting; nothing if it is in the kernel. */
  synchronized Duration waiting() {
    return pending
        .map(since -> Duration.ofNanos(nanos.getAsLong() - since.sinceNanos()))
        .orElse(Duration.ZERO);
  }

  /** Of the lease that the node needs; absent if it needs none. */
  synchronized Optional<Standing> standing() {
    return enlisted ? Optional.of(standing) : Optional.empty();
  }

  synchronized SortedSet<IpAddress> open() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(open));
  }

  /** What is wrong, and in what words. */
  synchronized SortedMap<Mode, String> degraded() {
    SortedMap<Mode, String> modes = new TreeMap<>();
    if (controller.isEmpty()) {
      modes.put(
          Mode.CONTROLLERS,
          "controllers: none is linked; the kernel keeps its last plan. See --controller, --tls-dir"
              + " and the log");
    }
    if (plan.isEmpty()) {
      modes.put(Mode.KERNEL, "kernel: no plan has come yet");
    } else if (failure.isPresent()) {
      modes.put(
          Mode.KERNEL,
          "kernel: plan " + plan.get().revision().value() + " is refused: " + failure.get());
    } else if (pending.isPresent()) {
      modes.put(
          Mode.KERNEL, "kernel: plan " + pending.get().revision().value() + " is being written");
    }
    if (enlisted && standing == Standing.UNLEASED) {
      modes.put(
          Mode.LEASE,
          "lease: no majority of the witnesses promises one; this node holds no egress IP");
    }
    if (enlisted && standing == Standing.HOLDING) {
      modes.put(
          Mode.LEASE,
          "lease: no majority of the witnesses promises one; this node goes on with "
              + open.size()
              + " egress IPs, as their gateways' onWitnessLoss says");
    }
    if (enlisted && standing == Standing.UPLINK_DOWN) {
      modes.put(Mode.UPLINK, "uplink: it leads nowhere; this node holds no egress IP");
    }
    return modes;
  }

  /** What only a restart would mend. */
  synchronized List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (failure.isEmpty() && waiting().compareTo(HUNG) > 0) {
      faults.add(
          "kernel: plan "
              + pending.map(Pending::revision).orElse(Revision.ZERO).value()
              + " has neither been applied nor refused for "
              + waiting().toSeconds()
              + " s");
    }
    return faults;
  }
}
