package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefaultGatewayTest {
  private static final GatewayName CLUSTER = new GatewayName("of-the-cluster");

  private static Optional<String> labelled(Map<String, String> labels) {
    return DefaultGateway.of(Labels.of(labels), () -> Optional.of(CLUSTER));
  }

  @Test
  void theNamespacesLabelComesFirst() {
    assertThat(labelled(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "egw1"))).contains("egw1");
    assertThat(labelled(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, ""))).contains(CLUSTER.value());
    assertThat(labelled(Map.of("team", "a"))).contains(CLUSTER.value());
  }

  @Test
  void aLabelThatIsNoNameDoesNotMakeTheClustersGatewayTheNamespaces() {
    assertThat(labelled(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "Not_A_Name")))
        .contains("Not_A_Name");
  }

  private static EgressGatewaySpec gateway(ClusterDefault clusterDefault) {
    return new EgressGatewaySpec(
        IpPool.empty(IpFamily.IPV4),
        IpPool.empty(IpFamily.IPV6),
        Optional.empty(),
        Optional.empty(),
        LabelSelector.everything(),
        clusterDefault,
        FailMode.CLOSED);
  }

  private static GatewayAge age(String created, String name) {
    return new GatewayAge(created, new GatewayName(name));
  }

  @Test
  void ofSeveralDefaultsOfTheClusterTheOldestIsIt() {
    assertThat(DefaultGateway.ofCluster(Map.of())).isEmpty();
    assertThat(
            DefaultGateway.ofCluster(
                Map.of(
                    age("2026-11-01T00:00:00Z", "first"), gateway(ClusterDefault.NO),
                    age("2026-11-02T00:00:00Z", "z"), gateway(ClusterDefault.YES),
                    age("2026-11-03T00:00:00Z", "a"), gateway(ClusterDefault.YES))))
        .contains(new GatewayName("z"));
    assertThat(
            DefaultGateway.ofCluster(
                Map.of(
                    age("2026-11-02T00:00:00Z", "z"), gateway(ClusterDefault.YES),
                    age("2026-11-02T00:00:00Z", "a"), gateway(ClusterDefault.YES))))
        .as("of one second")
        .contains(new GatewayName("a"));
  }
}
