package io.egressgateway.node.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.node.agent.DriftRepairs;
import io.egressgateway.node.agent.Findings;
import io.egressgateway.node.agent.LeaseNews;
import io.egressgateway.node.agent.LinkSettings;
import io.egressgateway.node.agent.Report;
import io.egressgateway.node.flow.ReplicationFigures;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.survey.EipUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AgentMonitorTest {
  private static final NodePlan PLAN =
      Plans.plan(Plans.mesh(1, 2), Plans.selection("10.244.1.7"), Plans.routedTo(2))
          .at(new Revision(7));
  private static final IpAddress EIP = IpAddress.of("10.6.1.21");
  private static final NodeSession SESSION = new NodeSession(new NodeName("node-1"), "boot", 1);

  private final AtomicLong nanos = new AtomicLong();
  private final DriftRepairs repairs = new DriftRepairs();
  private final AgentMonitor monitor =
      new AgentMonitor(
          new AgentMonitor.Watched(
              new NodeName("node-1"), "1.2", TlsFiles.in(Path.of("/nowhere"), "agent")),
          new AgentMonitor.Instruments(
              nanos::get,
              () -> 1_500_000_000L,
              () -> 12.5,
              repairs,
              new ReplicationFigures(),
              new EipUse()));

  @Test
  void everyMetricHasASource() throws IOException {
    assertThat(monitor.metrics().unread()).isEmpty();
    assertThat(text())
        .contains("egressgateway_agent_build{node=\"node-1\",version=\"1.2\"} 1.0")
        .contains("egressgateway_agent_certificate_not_after_seconds 0.0")
        .contains("egressgateway_agent_lease_remaining_seconds 1.5")
        .contains("egressgateway_agent_clock_rate_ppm 12.5");
  }

  @Test
  void gatewayNodesThatTheTunnelDoesNotLeadToAreShownAsLongAsItIsSo() throws IOException {
    monitor.told(
        new Report.Facts(
            Plans.uplink(), 0, new TreeSet<>(List.of(new NodeName("node-2"))), Findings.NONE));
    assertThat(text()).contains("egressgateway_agent_tunnel_path_lost{peer=\"node-2\"} 1.0");
    monitor.told(new Report.Facts(Plans.uplink(), 0, new TreeSet<>(), Findings.NONE));
    assertThat(text()).doesNotContain("egressgateway_agent_tunnel_path_lost{");
  }

  @Test
  void anAgentIsReadyWhenItIsLinkedAndItsPlanIsInTheKernel() {
    assertThat(obstacles()).containsExactly("controllers", "kernel");
    monitor.linked(new LinkSettings.Endpoint("c", 1));
    monitor.wanted(PLAN);
    assertThat(obstacles()).containsExactly("kernel");
    monitor.told(new Report.Applied(new Revision(7), Duration.ofMillis(3)));
    assertThat(obstacles()).isEmpty();
    monitor.unlinked();
    assertThat(obstacles()).containsExactly("controllers");
  }

  @Test
  void aPlanThatWaitsOrIsRefusedShows() throws IOException {
    monitor.wanted(PLAN);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(text()).contains("egressgateway_agent_plan_pending_seconds 2.0");
    monitor.told(new Report.Failed(new Revision(7), new KernelFault("nft", "map x", "ENOSPC")));
    assertThat(monitor.health().obstacles().get())
        .anyMatch(line -> line.equals("kernel: plan 7 is refused: map x: ENOSPC"));
    assertThat(text()).contains("egressgateway_agent_plan_failures_total{operation=\"nft\"} 1.0");
    monitor.told(new Report.Applied(new Revision(7), Duration.ofMillis(3)));
    assertThat(text())
        .contains("egressgateway_agent_plan_pending_seconds 0.0")
        .contains("egressgateway_agent_plan_apply_seconds_count 1");
  }

  @Test
  void onlyAHungThreadAsksForARestart() {
    monitor.wanted(PLAN);
    assertThat(monitor.health().faults().get()).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(3).toNanos());
    assertThat(monitor.health().faults().get())
        .containsExactly("kernel: plan 7 has neither been applied nor refused for 180 s");
    monitor.told(new Report.Failed(new Revision(7), new KernelFault("nft", "map x", "ENOSPC")));
    assertThat(monitor.health().faults().get()).isEmpty();
  }

  @Test
  void aLeaseIsMissedOnlyWhereOneIsNeeded() throws IOException {
    monitor.told(new Report.Beat(SESSION, Standing.UNLEASED));
    assertThat(obstacles()).doesNotContain("lease");
    assertThat(text()).doesNotContain("lease_standing{");
    monitor.news(new LeaseNews.Enlisted());
    assertThat(obstacles()).contains("lease");
    assertThat(text()).contains("egressgateway_agent_degraded{mode=\"lease\"} 1.0");
    monitor.told(new Report.Beat(SESSION, Standing.LEASED));
    assertThat(obstacles()).doesNotContain("lease");
    assertThat(text()).contains("egressgateway_agent_lease_standing{standing=\"leased\"} 1.0");
    monitor.told(new Report.Beat(SESSION, Standing.UPLINK_DOWN));
    assertThat(obstacles()).contains("uplink");
  }

  @Test
  void anEgressIpIsOpenUntilItIsReleasedOrTheLeaseEnds() throws IOException {
    String open = "egressgateway_agent_eip_open{eip=\"10.6.1.21\"} 1.0";
    monitor.told(new Report.Beat(SESSION, Standing.LEASED));
    monitor.told(new Report.Opened(EIP, new Epoch(1), SESSION));
    assertThat(text()).contains(open);
    monitor.told(new Report.Released(EIP, new Epoch(1), SESSION));
    assertThat(text()).doesNotContain(open);
    monitor.told(new Report.Opened(EIP, new Epoch(2), SESSION));
    monitor.told(new Report.Beat(SESSION, Standing.UNLEASED));
    assertThat(text()).doesNotContain(open);
  }

  @Test
  void conflictsAreCountedAndEveryKindOfRepairIsShown() throws IOException {
    monitor.told(new Report.Conflict(EIP, MacAddress.of("02:00:00:00:00:01")));
    assertThat(text())
        .contains("egressgateway_drift_repairs_total{kind=\"ruleset\"} 0.0")
        .contains("egressgateway_agent_eip_conflicts_total{eip=\"10.6.1.21\"} 1.0");
  }

  private List<String> obstacles() {
    return monitor.health().obstacles().get().stream()
        .map(line -> line.substring(0, line.indexOf(':')))
        .toList();
  }

  private String text() throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    monitor.metrics().write(output);
    return output.toString(UTF_8);
  }
}
