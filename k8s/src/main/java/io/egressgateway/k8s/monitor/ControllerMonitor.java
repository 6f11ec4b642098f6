package io.egressgateway.k8s.monitor;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.monitor.CertificateAge;
import io.egressgateway.core.monitor.Metrics;
import io.egressgateway.core.monitor.Metrics.Reading;
import io.egressgateway.core.tls.TlsFiles;
import io.egressgateway.k8s.status.ObjectRef;
import io.egressgateway.k8s.status.StatusWatch;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.EngineWatch;
import io.egressgateway.policy.entity.FailoverObstacle;
import io.egressgateway.policy.entity.StatusReport;
import io.egressgateway.policy.witness.WitnessPanel;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Turns what a controller's parts say into its metrics. Thread-safe. */
public final class ControllerMonitor implements EngineWatch, StatusWatch {

  /** What can be asked of the parts of a controller that runs. */
  public interface Parts {
    /** Members of the cluster as this one sees them. */
    Members members();

    /** How far the cluster's watcher is here, as {@code synced} or {@code elsewhere}. */
    String watcherStep();

    /** All steps there are. */
    List<String> watcherSteps();

    /** Whether the Kubernetes API serves the watcher; true where there is none. */
    boolean isKubernetesUsable();

    /** What keeps this member from failing over. */
    SortedSet<FailoverObstacle> obstacles();
  }

  private static final Set<FailoverObstacle> JOURNAL =
      EnumSet.complementOf(EnumSet.of(FailoverObstacle.WITNESSES_UNREACHABLE));

  /** Numbers of controllers. */
  public record Members(int up, int other, int unreachable) {}

  private final Metrics metrics = new Metrics(ControllerMetrics.ALL);
  private final ObjectBoard objects = new ObjectBoard();

  private final LongSupplier nanoClock;
  private final PendingPolicies pending = new PendingPolicies();

  /**
   * @param nanoClock monotonic, in nanoseconds
   */
  public ControllerMonitor(TlsFiles tls, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    metrics.read(ControllerMetrics.CERTIFICATE, CertificateAge.notAfter(tls));
    metrics.read(ControllerMetrics.EIP_HELD, objects::holders);
    metrics.read(ControllerMetrics.POLICY_EIP, objects::policies);
    metrics.read(ControllerMetrics.POOL, objects::pools);
    metrics.read(ControllerMetrics.CONDITIONS, objects::conditions);
    metrics.read(ControllerMetrics.NODES, objects::phases);
    metrics.read(ControllerMetrics.MEMBER_STANDINGS, objects::standings);
    metrics.read(ControllerMetrics.POLICIES_PENDING, reading -> reading.value(pending.count()));
    metrics.read(
        ControllerMetrics.POLICIES_PENDING_SECONDS,
        reading -> reading.value(pending.longest(nanoClock.getAsLong()).toNanos() / 1e9));
  }

  /** Says where to ask, once the parts are there. To be called once, before the metrics serve. */
  public void watch(Parts parts, WitnessPanel witnesses, IntSupplier agentSessions) {
    metrics.read(
        ControllerMetrics.AGENT_SESSIONS, reading -> reading.value(agentSessions.getAsInt()));
    metrics.read(
        ControllerMetrics.WITNESSES,
        reading -> {
          reading.value(witnesses.size(), "known");
          reading.value(witnesses.reached(), "reached");
        });
    metrics.read(ControllerMetrics.MEMBERS, reading -> members(parts.members(), reading));
    metrics.read(
        ControllerMetrics.WATCHER,
        reading ->
            parts
                .watcherSteps()
                .forEach(step -> reading.value(step.equals(parts.watcherStep()) ? 1 : 0, step)));
    Supplier<Boolean> noMajority = () -> witnesses.reached() <= witnesses.size() / 2;
    metrics.read(
        ControllerMetrics.DEGRADED,
        reading -> {
          Members members = parts.members();
          reading.value(members.up() == 0 || members.unreachable() > 0 ? 1 : 0, "cluster");
          reading.value(parts.obstacles().stream().anyMatch(JOURNAL::contains) ? 1 : 0, "journal");
          reading.value(parts.isKubernetesUsable() ? 0 : 1, "kubernetes");
          reading.value(noMajority.get() ? 1 : 0, "witnesses");
        });
    metrics.read(
        ControllerMetrics.FAILOVER_BLOCKED, reading -> obstacles(parts.obstacles(), reading));
  }

  private static void obstacles(SortedSet<FailoverObstacle> obstacles, Reading reading) {
    for (FailoverObstacle obstacle : FailoverObstacle.values()) {
      reading.value(obstacles.contains(obstacle) ? 1 : 0, obstacle.reason());
    }
  }

  private static void members(Members members, Reading reading) {
    reading.value(members.up(), "up");
    reading.value(members.other(), "other");
    reading.value(members.unreachable(), "unreachable");
  }

  /** For the server. */
  public Metrics metrics() {
    return metrics;
  }

  /** Counts the requests of a client that has it. */
  public Interceptor apiRequests() {
    return new ApiRequests(metrics);
  }

  @Override
  public void denied(NodeName node) {
    metrics.count(ControllerMetrics.DENIALS, node.value());
  }

  @Override
  public void journalled(Duration took) {
    metrics.observe(ControllerMetrics.JOURNAL_WRITES, took);
  }

  @Override
  public void assigned(IpAddress eip, EipAssigned assigned) {
    metrics.count(
        ControllerMetrics.ASSIGNMENTS,
        switch (assigned.proof()) {
          case OwnershipProof.NeverHeld ignored -> "never_held";
          case OwnershipProof.ReleaseAcknowledged ignored -> "release_acknowledged";
          case OwnershipProof.NeverGranted ignored -> "never_granted";
          case OwnershipProof.Certificate ignored -> "certificate";
          case OwnershipProof.LaterIncarnation ignored -> "later_incarnation";
          case OwnershipProof.FenceAsserted ignored -> "fence_asserted";
        });
  }

  @Override
  public void released(IpAddress eip, GatewayName gateway, EipReleased released) {
    // Every release is followed by an assignment or by the end of the use: both are counted.
  }

  @Override
  public void takenOver(Duration took) {
    metrics.observe(ControllerMetrics.TAKEOVERS, took);
  }

  @Override
  public void awaits(PolicyKey policy, Optional<SpecVersion> version) {
    version.ifPresentOrElse(
        spec -> pending.begin(policy, spec, nanoClock.getAsLong()), () -> pending.forget(policy));
  }

  @Override
  public void told(StatusReport report) {
    objects.told(report);
    if (report instanceof StatusReport.PolicyReport policy) {
      pending
          .told(policy, nanoClock.getAsLong())
          .ifPresent(took -> metrics.observe(ControllerMetrics.POLICY_DATAPATH, took));
    }
  }

  @Override
  public void shows(ObjectRef.Key object, Optional<Shown> shown) {
    objects.shows(object, shown);
  }

  @Override
  public void wrote(Write write) {
    metrics.count(ControllerMetrics.STATUS_WRITES, write.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void stopped() {
    objects.clear();
    pending.clear();
  }
}
