package io.egressgateway.load.lab.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;

/**
 * Deployments and bare pods only, and nothing runs in a pod: it is a network namespace, which is
 * all that an egress gateway sees of one.
 */
public final class BareWorkloads implements Workloads {
  @Override
  public void makePods(KubernetesClient client, List<Pod> present) {
    new DeploymentController(client)
        .reconcile(client.apps().deployments().inAnyNamespace().list().getItems(), present);
  }

  @Override
  public void run(KubernetesClient client, Pod pod, PodPlacement placement, Instant now) {
    Pod status =
        client
            .pods()
            .inNamespace(placement.key().namespace())
            .withName(placement.key().name())
            .get();
    if (status != null) {
      status.setStatus(PodObjects.running(status, placement, now));
      client.resource(status).patchStatus();
    }
  }

  @Override
  public void tellAgain(KubernetesClient client, Pod pod, PodPlacement placement, Instant now) {
    run(client, pod, placement, now);
  }

  @Override
  public void end(PodPlacement placement) {}

  @Override
  public void close() {}
}
