package io.egressgateway.load.lab.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceNamesTest {
  private static final Pod ASKER =
      new PodBuilder()
          .withNewMetadata()
          .withName("asker")
          .withNamespace("here")
          .endMetadata()
          .withNewSpec()
          .withSubdomain("set")
          .endSpec()
          .build();
  private static final Endpoints ENDPOINTS =
      new EndpointsBuilder()
          .withNewMetadata()
          .withName("set")
          .withNamespace("here")
          .endMetadata()
          .addNewSubset()
          .addNewAddress()
          .withIp("10.0.0.1")
          .withHostname("set-0")
          .endAddress()
          .addNewNotReadyAddress()
          .withIp("10.0.0.2")
          .withHostname("set-1")
          .endNotReadyAddress()
          .endSubset()
          .build();

  @Test
  void membersOfASetHaveNamesOfTheirOwn() {
    assertThat(hosts(false).lines())
        .contains(
            "10.0.0.1 set-0.set.here.svc.cluster.local set-0.set.here.svc set-0.set.here set-0.set"
                + " set.here.svc.cluster.local set.here.svc set.here set");
  }

  @Test
  void whoIsNotReadyIsNamedOnlyWhereTheServiceWantsIt() {
    assertThat(hosts(false)).doesNotContain("10.0.0.2");
    assertThat(hosts(true)).contains("10.0.0.2 set-1.set.here.svc.cluster.local");
  }

  @Test
  void aMemberKnowsItsOwnFullName() {
    assertThat(hosts(false)).contains("10.0.0.9 asker.set.here.svc.cluster.local asker\n");
  }

  private static String hosts(boolean publishNotReady) {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("set")
            .withNamespace("here")
            .endMetadata()
            .withNewSpec()
            .withPublishNotReadyAddresses(publishNotReady)
            .endSpec()
            .build();
    return ServiceNames.hosts(
        new PodFacts(ASKER, "node", "10.0.0.9", "192.0.2.1"), List.of(service), List.of(ENDPOINTS));
  }
}
