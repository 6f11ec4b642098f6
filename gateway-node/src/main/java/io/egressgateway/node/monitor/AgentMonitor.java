package io.egressgateway.node.monitor;

import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.monitor.CertificateAge;
import io.egressgateway.core.monitor.Health;
import io.egressgateway.core.monitor.Metrics;
import io.egressgateway.core.monitor.Metrics.Reading;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.agent.AgentWatch;
import io.egressgateway.node.agent.DriftRepairs;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.LinkSettings;
import io.egressgateway.node.agent.Report;
import io.egressgateway.node.flow.ReplicationFigures;
import io.egressgateway.node.survey.EipUse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the agent says into its metrics and its health. Thread-safe. */
public final class AgentMonitor implements AgentWatch {
  private static final Logger LOG = LoggerFactory.getLogger(AgentMonitor.class);
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Who is watched.
   *
   * @param tls whose certificate's end is shown
   */
  public record Watched(NodeName node, String version, TlsFiles tls) {}

  /**
   * What is asked when somebody wants to know.
   *
   * @param nanos never goes back
   * @param leaseNanos what is left of the lease, 0 or less without one
   * @param clockPpm rate of the kernel's clock against the hardware
   * @param repairs of what others changed in the kernel
   * @param replication of connections, to other nodes and from them
   * @param use of the egress IPs that are here
   */
  public record Instruments(
      LongSupplier nanos,
      LongSupplier leaseNanos,
      DoubleSupplier clockPpm,
      DriftRepairs repairs,
      ReplicationFigures replication,
      EipUse use) {}

  private final Metrics metrics = new Metrics(AgentMetrics.ALL);
  private final AgentState state;

  public AgentMonitor(Watched watched, Instruments instruments) {
    state = new AgentState(instruments.nanos());
    metrics.read(
        AgentMetrics.INFO,
        reading -> reading.value(1, watched.node().toString(), watched.version()));
    metrics.read(AgentMetrics.CERTIFICATE, CertificateAge.notAfter(watched.tls()));
    metrics.read(
        AgentMetrics.CLOCK_RATE, reading -> reading.value(instruments.clockPpm().getAsDouble()));
    metrics.read(
        AgentMetrics.LEASE_REMAINING,
        reading ->
            reading.value(Math.max(0, instruments.leaseNanos().getAsLong()) / NANOS_PER_SECOND));
    metrics.read(
        AgentMetrics.DRIFT_REPAIRS,
        reading ->
            instruments
                .repairs()
                .counts()
                .forEach((kind, count) -> reading.value((double) count, lower(kind))));
    readReplication(instruments.replication());
    readState();
    readUse(instruments.use());
    metrics.read(
        AgentMetrics.TUNNEL_PACKETS, reading -> tunnel(reading, DeviceCounters.Direction::packets));
    metrics.read(
        AgentMetrics.TUNNEL_BYTES, reading -> tunnel(reading, DeviceCounters.Direction::bytes));
    metrics.read(
        AgentMetrics.TUNNEL_DROPS, reading -> tunnel(reading, DeviceCounters.Direction::drops));
  }

  private void readReplication(ReplicationFigures figures) {
    metrics.read(
        AgentMetrics.REPLICATED,
        reading -> {
          reading.value((double) figures.told(), "told");
          reading.value((double) figures.leftOut(), "left_out");
          reading.value((double) figures.kept(), "kept");
        });
    metrics.read(
        AgentMetrics.REPLICATION_DROPS, reading -> reading.value((double) figures.dropped()));
    metrics.read(
        AgentMetrics.REPLICATION_BYTES, reading -> reading.value((double) figures.bytes()));
    metrics.read(
        AgentMetrics.REPLICATION_LAG,
        reading -> reading.value(figures.lag().toNanos() / NANOS_PER_SECOND));
  }

  private void readUse(EipUse use) {
    metrics.read(AgentMetrics.EIP_PACKETS, reading -> use.packets(reading::value));
    metrics.read(AgentMetrics.EIP_BYTES, reading -> use.bytes(reading::value));
    metrics.read(AgentMetrics.EIP_CONNECTIONS, reading -> use.connections(reading::value));
    metrics.read(AgentMetrics.EIP_PORTS, reading -> use.ports(reading::value));
    metrics.read(AgentMetrics.EIP_PORT_SHORTAGE, reading -> use.shortages(reading::value));
    metrics.read(AgentMetrics.EIP_REFUSED, reading -> use.refused(reading::value));
    metrics.read(
        AgentMetrics.COLLISIONS, reading -> reading.value(state.findings().collisions().size()));
  }

  private void readState() {
    metrics.read(AgentMetrics.LINKED, reading -> reading.value(state.isLinked() ? 1 : 0));
    metrics.read(
        AgentMetrics.PLAN_PENDING,
        reading -> reading.value(state.waiting().toNanos() / NANOS_PER_SECOND));
    metrics.read(
        AgentMetrics.PLAN_ENTRIES,
        reading -> state.plan().ifPresent(plan -> entries(plan, reading)));
    metrics.read(
        AgentMetrics.LEASE_STANDING,
        reading -> state.standing().ifPresent(standing -> standings(standing, reading)));
    metrics.read(
        AgentMetrics.EIP_OPEN,
        reading -> state.open().forEach(eip -> reading.value(1, eip.toString())));
    metrics.read(
        AgentMetrics.PATH_LOST,
        reading -> state.lostPaths().forEach(node -> reading.value(1, node.value())));
    metrics.read(
        AgentMetrics.DEGRADED,
        reading -> {
          var degraded = state.degraded();
          for (AgentState.Mode mode : AgentState.Mode.values()) {
            reading.value(degraded.containsKey(mode) ? 1 : 0, lower(mode));
          }
        });
  }

  private static void entries(NodePlan plan, Reading reading) {
    reading.value(plan.mesh().peers().size(), "peers");
    reading.value(plan.selection().endpoints().size(), "pods");
    reading.value(plan.selection().rules().size(), "rules");
    reading.value(plan.ownership().routes().size(), "routes");
    reading.value(plan.ownership().held().size(), "held");
  }

  private static void standings(Standing standing, Reading reading) {
    for (Standing each : Standing.values()) {
      reading.value(each == standing ? 1 : 0, lower(each));
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void tunnel(Reading reading, ToDoubleFunction<DeviceCounters.Direction> value) {
    Optional<NodePlan> plan = state.plan();
    if (plan.isEmpty()) {
      return;
    }
    try {
      DeviceCounters.of(plan.get().mesh().settings().device())
          .ifPresent(
              counters -> {
                reading.value(value.applyAsDouble(counters.received()), "received");
                reading.value(value.applyAsDouble(counters.sent()), "sent");
              });
    } catch (IOException unreadable) {
      LOG.warn("tunnel counters unreadable reason=\"{}\"", unreadable.getMessage());
    }
  }

  /** For the server. */
  public Metrics metrics() {
    return metrics;
  }

  /** For the server. */
  public Health health() {
    return new Health(state::faults, () -> new ArrayList<>(state.degraded().values()));
  }

  /** The lease says something. */
  public void news(LeaseNews news) {
    state.news(news);
  }

  @Override
  public void wanted(NodePlan plan) {
    state.wanted(plan);
  }

  @Override
  public void told(Report report) {
    state.told(report);
    switch (report) {
      case Report.Applied(var ignored, Duration took) ->
          metrics.observe(AgentMetrics.PLAN_APPLIES, took);
      case Report.Failed(var ignored, var fault) ->
          metrics.count(AgentMetrics.PLAN_FAILURES, fault.operation());
      case Report.Conflict(IpAddress address, var ignored) ->
          metrics.count(AgentMetrics.CONFLICTS, address.toString());
      case Report.Facts ignored -> {}
      case Report.Beat ignored -> {}
      case Report.Opened ignored -> {}
      case Report.Released ignored -> {}
      case Report.FlowsHanded ignored -> {}
      case Report.FlowsReplicated ignored -> {}
      case Report.FlowsInstalled ignored -> {}
      case Report.Examined ignored -> {}
    }
  }

  @Override
  public void linked(LinkSettings.Endpoint controller) {
    state.linked(controller);
  }

  @Override
  public void unlinked() {
    metrics.count(AgentMetrics.LINK_LOSSES);
    state.unlinked();
  }
}
