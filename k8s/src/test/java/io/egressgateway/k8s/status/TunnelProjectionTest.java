package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.entity.StatusReport;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelProjectionTest {

  @Test
  void showsTheNodesPlaceInTheMesh() {
    EgressTunnel.Status status =
        TunnelProjection.of(
            new Wanted.OfTunnel(
                Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY),
                EgressTunnel.Phase.READY),
            null,
            Given.NOON,
            KernelNumbers.USUAL);

    assertThat(status.tunnel())
        .isEqualTo(
            new EgressTunnel.Tunnel(
                "172.31.0.1",
                null,
                "66:00:00:00:00:01",
                new EgressTunnel.Parent("10.6.168.11", null, "eth0")));
    assertThat(status.mark()).isEqualTo("0x26010001");
    assertThat(status.phase()).isEqualTo(EgressTunnel.Phase.READY);
    assertThat(status.lastHeartbeatTime()).isEqualTo("2026-11-23T12:00:00Z");
  }

  @Test
  void theLastHeartbeatIsWrittenWithAChangeOfThePhaseOnly() {
    EgressTunnel.Status ready = status(EgressTunnel.Phase.READY, null, Given.NOON);

    assertThat(status(EgressTunnel.Phase.READY, ready, Given.LATER)).isEqualTo(ready);
    assertThat(status(EgressTunnel.Phase.HEARTBEAT_TIMEOUT, ready, Given.LATER).lastHeartbeatTime())
        .isEqualTo("2026-11-23T12:30:00Z");
  }

  private static EgressTunnel.Status status(
      EgressTunnel.Phase phase, EgressTunnel.@Nullable Status before, Instant now) {
    return TunnelProjection.of(
        new Wanted.OfTunnel(Given.nodeReport(Given.WORKER_1, StatusReport.Phase.READY), phase),
        before,
        now,
        KernelNumbers.USUAL);
  }

  @Test
  void aNodeThatIsNotInTheMeshHasNoTunnel() {
    EgressTunnel.Status status =
        TunnelProjection.of(
            new Wanted.OfTunnel(
                new StatusReport.NodeReport(
                    Given.WORKER_1,
                    Optional.empty(),
                    Optional.empty(),
                    StatusReport.Phase.PENDING,
                    Collections.emptySortedSet()),
                EgressTunnel.Phase.PENDING),
            null,
            Given.NOON,
            KernelNumbers.USUAL);

    assertThat(status.tunnel()).isNull();
    assertThat(status.mark()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,           READY,     PENDING",
    "INIT,              READY,     INIT",
    "FAILED,            READY,     FAILED",
    "READY,             READY,     READY",
    "HEARTBEAT_TIMEOUT, READY,     HEARTBEAT_TIMEOUT",
    "PENDING,           NOT_READY, PENDING",
    "INIT,              NOT_READY, NODE_NOT_READY",
    "FAILED,            NOT_READY, NODE_NOT_READY",
    "READY,             NOT_READY, NODE_NOT_READY",
    "HEARTBEAT_TIMEOUT, NOT_READY, NODE_NOT_READY",
  })
  void phases(StatusReport.Phase told, TunnelProjection.Readiness node, EgressTunnel.Phase shown) {
    assertThat(TunnelProjection.phase(told, node)).isEqualTo(shown);
  }
}
