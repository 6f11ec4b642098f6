package io.egressgateway.k8s.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.lease.Renewals;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWatch;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.domain.NodeStanding;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.witness.WitnessPanel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ControllerMonitorTest {
  private static final GatewayName GATEWAY = new GatewayName("office");

  private static final PolicyKey WEB = new PolicyKey.Namespaced("shop", "web");
  private static final PolicyKey CART = new PolicyKey.Namespaced("shop", "cart");
  private static final SpecVersion FIRST = new SpecVersion("uid", new Generation(1));

  private final AtomicLong nanos = new AtomicLong();
  private final ControllerMonitor monitor =
      new ControllerMonitor(TlsFiles.in(Path.of("/nowhere"), "controller"), nanos::get);

  @Test
  void everyEgressIpInUseShowsWhoHasIt() throws IOException {
    monitor.told(gateway());
    assertThat(text())
        .contains(
            "egressgateway_eip_held{eip=\"10.6.1.21\",gateway=\"office\",node=\"worker-1\"} 1.0")
        .contains("egressgateway_eip_held{eip=\"10.6.1.22\",gateway=\"office\",node=\"\"} 0.0")
        .contains(
            "egressgateway_pool_addresses{family=\"ipv4\",gateway=\"office\",state=\"free\"} 8.0")
        .contains(
            "egressgateway_pool_addresses{family=\"ipv4\",gateway=\"office\",state=\"used\"} 2.0");
  }

  private static Optional<StatusWatch.Shown> shown(
      Condition condition, Optional<EgressTunnel.Phase> phase) {
    return Optional.of(new StatusWatch.Shown(new TreeSet<>(Set.of(condition)), phase));
  }

  @Test
  void objectsAreCountedByWhatTheirStatusSays() throws IOException {
    ObjectRef.Key policy = new ObjectRef.Policy(new PolicyKey.Namespaced("shop", "web"));
    ObjectRef.Key tunnel = new ObjectRef.Tunnel(new NodeName("worker-1"));
    monitor.shows(policy, shown(Condition.notReady("InvalidSpec", "wrong"), Optional.empty()));
    monitor.shows(
        tunnel,
        shown(
            Condition.ready("Programmed", "as it should be"),
            Optional.of(EgressTunnel.Phase.NODE_NOT_READY)));
    assertThat(text())
        .contains(
            "egressgateway_conditions{kind=\"policy\",reason=\"InvalidSpec\",status=\"false\","
                + "type=\"Ready\"} 1.0")
        .contains(
            "egressgateway_conditions{kind=\"tunnel\",reason=\"Programmed\",status=\"true\","
                + "type=\"Ready\"} 1.0")
        .contains("egressgateway_nodes{phase=\"node_not_ready\"} 1.0");

    monitor.shows(policy, Optional.empty());
    monitor.shows(tunnel, Optional.empty());
    assertThat(text())
        .doesNotContain("egressgateway_conditions{")
        .doesNotContain("egressgateway_nodes{");
  }

  @Test
  void everyMemberOfAGatewayShowsHowItsLeaseStands() throws IOException {
    monitor.told(gateway());
    assertThat(text())
        .contains(
            "egressgateway_gateway_nodes{gateway=\"office\",node=\"worker-1\","
                + "standing=\"held_down\"} 1.0")
        .contains(
            "egressgateway_gateway_nodes{gateway=\"office\",node=\"worker-2\","
                + "standing=\"unknown\"} 1.0");
  }

  @Test
  void everyPolicyShowsItsEgressIps() throws IOException {
    monitor.told(gateway());
    assertThat(text())
        .contains(
            "egressgateway_policy_eip{eip=\"10.6.1.21\",gateway=\"office\","
                + "policy=\"EgressPolicy/shop/web\"} 1.0")
        .doesNotContain("egressgateway_policy_eip{eip=\"10.6.1.22\"");
  }

  @Test
  void aPolicyIsPendingFromBeingSeenToBeingInPlace() throws IOException {
    monitor.awaits(WEB, Optional.of(FIRST));
    monitor.awaits(CART, Optional.of(FIRST));
    nanos.addAndGet(Duration.ofMillis(300).toNanos());
    assertThat(text())
        .contains("egressgateway_policies_pending 2.0")
        .contains("egressgateway_policies_pending_seconds 0.3");

    monitor.told(inPlace(WEB));
    monitor.awaits(CART, Optional.empty());
    assertThat(text())
        .contains("egressgateway_policies_pending 0.0")
        .contains("egressgateway_policies_pending_seconds 0.0")
        .contains("egressgateway_policy_datapath_seconds_count 1")
        .contains("egressgateway_policy_datapath_seconds_sum 0.3");
  }

  @Test
  void nothingIsPendingWhereNoWatcherIs() throws IOException {
    monitor.awaits(WEB, Optional.of(FIRST));
    monitor.stopped();
    assertThat(text()).contains("egressgateway_policies_pending 0.0");
  }

  private static StatusReport inPlace(PolicyKey policy) {
    return new StatusReport.PolicyReport(
        policy,
        FIRST,
        new TreeMap<>(),
        new TreeSet<>(Set.of(Condition.ready("Programmed", "in place"))));
  }

  @Test
  void whatIsGoneIsShownNoMore() throws IOException {
    monitor.told(gateway());
    monitor.told(new StatusReport.GatewayGone(GATEWAY));
    assertThat(text()).doesNotContain("egressgateway_eip_held{");
    monitor.told(gateway());
    monitor.stopped();
    assertThat(text()).as("the watcher is elsewhere").doesNotContain("egressgateway_eip_held{");
  }

  @Test
  void whatTheEngineDoesIsCounted() throws IOException {
    monitor.assigned(
        IpAddress.of("10.6.1.21"),
        new EipAssigned(
            new Epoch(1),
            new NodeSession(new NodeName("worker-1"), "boot", 1),
            new GatewayName("default"),
            new OwnershipProof.NeverHeld(),
            Instant.EPOCH));
    monitor.journalled(Duration.ofMillis(4));
    monitor.takenOver(Duration.ofMillis(120));
    monitor.denied(new NodeName("worker-1"));
    monitor.wrote(StatusWatch.Write.FAILED);
    assertThat(text())
        .contains("egressgateway_eip_assignments_total{proof=\"never_held\"} 1.0")
        .contains("egressgateway_sessions_denied_total{node=\"worker-1\"} 1.0")
        .contains("egressgateway_journal_write_seconds_bucket{le=\"0.005\"} 1")
        .contains("egressgateway_eip_takeover_seconds_sum 0.12")
        .contains("egressgateway_status_writes_total{outcome=\"failed\"} 1.0");
  }

  @Test
  void aKubernetesApiThatDoesNotServeIsSaid() throws IOException {
    SomeParts parts = new SomeParts();
    monitor.watch(parts, new SomeWitnesses(), () -> 0);
    assertThat(text()).contains("egressgateway_controller_degraded{mode=\"kubernetes\"} 0.0");
    parts.kubernetesUsable = false;
    assertThat(text()).contains("egressgateway_controller_degraded{mode=\"kubernetes\"} 1.0");
  }

  private static final class SomeParts implements ControllerMonitor.Parts {
    private boolean kubernetesUsable = true;

    @Override
    public ControllerMonitor.Members members() {
      return new ControllerMonitor.Members(1, 0, 0);
    }

    @Override
    public String watcherStep() {
      return "synced";
    }

    @Override
    public List<String> watcherSteps() {
      return List.of("synced");
    }

    @Override
    public boolean isKubernetesUsable() {
      return kubernetesUsable;
    }

    @Override
    public SortedSet<FailoverObstacle> obstacles() {
      return new TreeSet<>();
    }
  }

  private static final class SomeWitnesses implements WitnessPanel {
    @Override
    public int size() {
      return 3;
    }

    @Override
    public String membership() {
      return "digest";
    }

    @Override
    public List<WitnessAddress> addresses() {
      return List.of();
    }

    @Override
    public int reached() {
      return 3;
    }

    @Override
    public void askVotes(
        NodeSession session, long round, Renewals renewals, Consumer<Answer> onAnswer) {}
  }

  private static StatusReport gateway() {
    return new StatusReport.GatewayReport(
        GATEWAY,
        new SpecVersion("uid", new Generation(1)),
        new TreeMap<>(
            Map.of(
                new NodeName("worker-1"), Eligibility.ELIGIBLE,
                new NodeName("worker-2"), Eligibility.ELIGIBLE)),
        new TreeMap<>(Map.of(new NodeName("worker-1"), NodeStanding.Kind.HELD_DOWN)),
        new StatusReport.Pools(
            new TreeSet<>(),
            new TreeMap<>(
                Map.of(
                    IpAddress.of("10.6.1.21"),
                    placement(new Holding.Programmed(new NodeName("worker-1")), WEB),
                    IpAddress.of("10.6.1.22"),
                    placement(new Holding.Nobody()))),
            new TreeMap<>(
                Map.of(
                    IpFamily.IPV4,
                    new StatusReport.PoolUsage(BigInteger.TEN, BigInteger.valueOf(8))))),
        new TreeSet<>(Set.of(Condition.ready("NodesEligible", "addresses can be placed"))));
  }

  private static StatusReport.Placement placement(Holding holding, PolicyKey... policies) {
    return new StatusReport.Placement(Optional.empty(), holding, new TreeSet<>(List.of(policies)));
  }

  private String text() throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    monitor.metrics().write(output);
    return output.toString(UTF_8);
  }
}
