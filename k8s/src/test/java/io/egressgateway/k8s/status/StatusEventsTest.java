package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.k8s.status.StatusEvents.Notice;
import io.egressgateway.k8s.status.StatusEvents.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusEventsTest {
  private static final StatusCondition GOOD = condition("True", "Programmed", "in place");
  private static final StatusCondition WRONG = condition("False", "InvalidSpec", "spec.x: wrong");
  private static final StatusCondition PASSING = condition("False", "Programming", "soon");

  private static StatusCondition condition(String status, String reason, String message) {
    return new StatusCondition("2026-11-23T12:00:00Z", message, 1L, reason, status, "Ready");
  }

  private static List<Notice> events(@Nullable StatusCondition before, StatusCondition after) {
    return StatusEvents.ofConditions(before == null ? null : List.of(before), List.of(after));
  }

  private static EgressPolicy.Status on(@Nullable String node) {
    return new EgressPolicy.Status(List.of(GOOD), null, node, 1L);
  }

  private static EgressTunnel.Status in(EgressTunnel.Phase phase) {
    return new EgressTunnel.Status(null, null, null, phase, null);
  }

  @Test
  void whatIsWrongIsAWarning() {
    Notice warning = new Notice(Severity.WARNING, "InvalidSpec", "spec.x: wrong");

    assertThat(events(null, WRONG)).containsExactly(warning);
    assertThat(events(GOOD, WRONG)).containsExactly(warning);
    assertThat(events(PASSING, WRONG)).containsExactly(warning);
  }

  @Test
  void whatStaysWrongIsSaidOnce() {
    assertThat(events(WRONG, WRONG)).isEmpty();
  }

  @Test
  void whatIsWrongInAnotherWayIsSaidAgain() {
    assertThat(events(WRONG, condition("False", "InvalidSpec", "spec.y: wrong"))).hasSize(1);
  }

  @Test
  void whatPassesByItselfIsNotSaid() {
    assertThat(events(null, PASSING)).isEmpty();
    assertThat(events(GOOD, PASSING)).isEmpty();
  }

  @Test
  void becomingReadyIsSaid() {
    assertThat(events(null, GOOD))
        .containsExactly(new Notice(Severity.NORMAL, "Ready", "in place"));
    assertThat(events(PASSING, GOOD)).hasSize(1);
    assertThat(events(GOOD, condition("True", "Other", "other"))).isEmpty();
  }

  @Test
  void aHolderThatChangesIsSaid() {
    assertThat(StatusEvents.ofPolicy(on("worker-1"), on("worker-2")))
        .containsExactly(
            new Notice(
                Severity.NORMAL,
                "EgressNodeChanged",
                "the egress IP moved from node worker-1 to node worker-2"));
    assertThat(StatusEvents.ofPolicy(on("worker-1"), on("worker-1"))).isEmpty();
    assertThat(StatusEvents.ofPolicy(on(null), on("worker-1"))).isEmpty();
  }

  private static EgressPolicy.Status with(EgressPolicy.@Nullable Eip eip) {
    return new EgressPolicy.Status(List.of(GOOD), eip, null, 1L);
  }

  @Test
  void egressIpsThatAPolicyGetsAndGivesBackAreSaid() {
    EgressPolicy.Eip one = new EgressPolicy.Eip("10.6.1.21", "fd00::21");
    EgressPolicy.Eip other = new EgressPolicy.Eip("10.6.1.22", null);

    assertThat(StatusEvents.ofPolicy(with(null), with(one)))
        .containsExactly(
            new Notice(Severity.NORMAL, "EgressIPAssigned", "it has 10.6.1.21 and fd00::21"));
    assertThat(StatusEvents.ofPolicy(with(one), with(other)))
        .containsExactly(
            new Notice(
                Severity.NORMAL,
                "EgressIPAssigned",
                "it has 10.6.1.22 instead of 10.6.1.21 and fd00::21"));
    assertThat(StatusEvents.ofPolicy(with(other), with(null)))
        .containsExactly(
            new Notice(Severity.NORMAL, "EgressIPReleased", "it has 10.6.1.22 no more"));
    assertThat(StatusEvents.ofPolicy(with(one), with(one))).isEmpty();
  }

  @Test
  void aPhaseThatChangesIsSaid() {
    assertThat(
            StatusEvents.ofTunnel(
                in(EgressTunnel.Phase.READY), in(EgressTunnel.Phase.HEARTBEAT_TIMEOUT)))
        .containsExactly(
            new Notice(Severity.NORMAL, "StatusChanged", "status changes to HeartbeatTimeout"));
    assertThat(StatusEvents.ofTunnel(in(EgressTunnel.Phase.READY), in(EgressTunnel.Phase.READY)))
        .isEmpty();
  }
}
