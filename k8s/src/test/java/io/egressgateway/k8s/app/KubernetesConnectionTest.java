package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true, https = false)
class KubernetesConnectionTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @Test
  void anObjectThatNobodyCanReadDoesNotMakeTheApiUnusable() {
    GenericKubernetesResource gateway = new GenericKubernetesResource();
    gateway.setApiVersion(ApiGroup.API_VERSION);
    gateway.setKind("EgressGateway");
    gateway.setMetadata(new ObjectMetaBuilder().withName("a").build());
    gateway.setAdditionalProperty("spec", "everything");
    client
        .genericKubernetesResources(ResourceDefinitionContext.fromResourceType(EgressGateway.class))
        .resource(gateway)
        .create();

    assertThat(KubernetesConnection.check(client)).isEqualTo(new KubernetesConnection.Usable());
  }
}
