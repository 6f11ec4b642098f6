package io.egressgateway.k8s.egctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressClusterInfo;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.crd.StatusCondition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComplaintTest {
  private static final StatusCondition GOOD = condition("Ready", "True", "Served");

  private static StatusCondition condition(String type, String status, String reason) {
    return new StatusCondition("2026-01-01T00:00:00Z", "said of " + type, 1L, reason, status, type);
  }

  private static EgressGateway gateway(@Nullable List<StatusCondition> conditions) {
    EgressGateway gateway = new EgressGateway();
    gateway.setMetadata(new ObjectMetaBuilder().withName("egw1").build());
    gateway.setStatus(new EgressGateway.Status(conditions, null, null, 1L));
    return gateway;
  }

  private static List<Complaint> of(EgressGateway gateway) {
    return Complaint.all(List.of(gateway), List.of(), List.of(), List.of());
  }

  private static List<Complaint> of(EgressPolicy.@Nullable Status status) {
    return Complaint.all(
        List.of(),
        List.of(
            new Explainer.PolicyView(
                new PolicyKey.Namespaced("shop", "web"),
                new EgressPolicy(),
                Optional.empty(),
                status)),
        List.of(),
        List.of());
  }

  private static List<Complaint> of(EgressTunnel.@Nullable Phase phase) {
    return of(phase, null);
  }

  private static List<Complaint> of(
      EgressTunnel.@Nullable Phase phase, @Nullable List<StatusCondition> conditions) {
    EgressTunnel tunnel = new EgressTunnel();
    tunnel.setMetadata(new ObjectMetaBuilder().withName("node1").build());
    tunnel.setStatus(new EgressTunnel.Status(conditions, null, null, phase, null));
    return Complaint.all(List.of(), List.of(), List.of(tunnel), List.of());
  }

  @Test
  void whatIsInOrderIsNotListed() {
    assertThat(of(gateway(List.of(GOOD)))).isEmpty();
    assertThat(of(gateway(List.of(GOOD, condition("FailoverBlocked", "False", "None"))))).isEmpty();
    assertThat(of(new EgressPolicy.Status(List.of(GOOD), null, null, 1L))).isEmpty();
    assertThat(of(EgressTunnel.Phase.READY)).isEmpty();
  }

  @Test
  void whatIsNotReadyIsListedWithItsReason() {
    assertThat(of(gateway(List.of(condition("Ready", "False", "NoNodeSelected")))))
        .containsExactly(new Complaint("EgressGateway/egw1", "NoNodeSelected", "said of Ready"));
    assertThat(
            of(
                new EgressPolicy.Status(
                    List.of(condition("Ready", "False", "PoolExhausted")), null, null, 1L)))
        .containsExactly(new Complaint("EgressPolicy/shop/web", "PoolExhausted", "said of Ready"));
    assertThat(of(EgressTunnel.Phase.FAILED))
        .containsExactly(new Complaint("EgressTunnel/node1", "Failed", "its agent's log says why"));
  }

  @Test
  void aTroubleIsListedBesideReady() {
    assertThat(of(gateway(List.of(GOOD, condition("FailoverBlocked", "True", "NoCertificate")))))
        .containsExactly(
            new Complaint("EgressGateway/egw1", "FailoverBlocked", "said of FailoverBlocked"));
    assertThat(
            of(
                EgressTunnel.Phase.READY,
                List.of(GOOD, condition("TunnelPathLost", "True", "NoAnswer"))))
        .containsExactly(
            new Complaint("EgressTunnel/node1", "TunnelPathLost", "said of TunnelPathLost"));
  }

  @Test
  void aNodeThatIsNotReadyIsListedOnce() {
    assertThat(of(EgressTunnel.Phase.FAILED, List.of(condition("Ready", "False", "PlanFailed"))))
        .containsExactly(new Complaint("EgressTunnel/node1", "Failed", "said of Ready"));
  }

  @Test
  void whatNobodyHasReportedOnIsListed() {
    assertThat(of(gateway(null))).extracting(Complaint::reason).containsExactly("NotReported");
    assertThat(of((EgressPolicy.Status) null))
        .extracting(Complaint::reason)
        .containsExactly("NotReported");
    assertThat(of((EgressTunnel.Phase) null))
        .extracting(Complaint::reason)
        .containsExactly("NotReported");
  }

  private static List<Complaint> of(String info, StatusCondition condition) {
    EgressClusterInfo object = new EgressClusterInfo();
    object.setMetadata(new ObjectMetaBuilder().withName(info).build());
    object.setStatus(
        new EgressClusterInfo.Status(null, List.of(condition), null, null, null, null, null));
    return Complaint.all(List.of(), List.of(), List.of(), List.of(object));
  }

  @Test
  void theClusterInfoThatCountsIsOneOfThem() {
    StatusCondition bad = condition("Ready", "False", "InvalidSpec");

    assertThat(of(EgressClusterInfo.SINGLETON, GOOD)).isEmpty();
    assertThat(of(EgressClusterInfo.SINGLETON, bad))
        .containsExactly(
            new Complaint("EgressClusterInfo/default", "InvalidSpec", "said of Ready"));
    assertThat(of("other", bad)).isEmpty();
  }
}
