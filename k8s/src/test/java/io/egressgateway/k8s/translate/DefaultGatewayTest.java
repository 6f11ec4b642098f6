package io.egressgateway.k8s.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Labels;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefaultGatewayTest {
  private static final GatewayName CLUSTER = new GatewayName("of-the-cluster");

  private static Optional<GatewayName> labelled(Map<String, String> labels) {
    return DefaultGateway.of(Labels.of(labels), () -> Optional.of(CLUSTER));
  }

  @Test
  void theNamespacesLabelComesFirst() {
    assertThat(labelled(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "egw1")))
        .contains(new GatewayName("egw1"));
    assertThat(labelled(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, ""))).contains(CLUSTER);
    assertThat(labelled(Map.of("team", "a"))).contains(CLUSTER);
  }

  @Test
  void aLabelThatIsNoNameNamesNone() {
    assertThat(labelled(Map.of(ApiGroup.DEFAULT_GATEWAY_LABEL, "Not_A_Name"))).isEmpty();
  }
}
