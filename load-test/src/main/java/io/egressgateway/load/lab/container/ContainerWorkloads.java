package io.egressgateway.load.lab.container;

import io.egressgateway.load.lab.kube.BareWorkloads;
import io.egressgateway.load.lab.kube.PodPlacement;
import io.egressgateway.load.lab.kube.Workloads;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Pods come from kube-controller-manager, and the product's run what their containers say. */
public final class ContainerWorkloads implements Workloads {
  private final PodRuntime runtime;
  private final BareWorkloads others = new BareWorkloads();

  /**
   * @param runtime closed with this
   */
  public ContainerWorkloads(PodRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void makePods(KubernetesClient client, List<Pod> present) {}

  @Override
  public void run(KubernetesClient client, Pod pod, PodPlacement placement, Instant now)
      throws IOException {
    if (runtime.runs(pod)) {
      runtime.start(pod, placement);
    } else {
      others.run(client, pod, placement, now);
    }
  }

  @Override
  public void tellAgain(KubernetesClient client, Pod pod, PodPlacement placement, Instant now) {
    if (!runtime.runs(pod)) {
      others.tellAgain(client, pod, placement, now);
    }
  }

  @Override
  public void end(PodPlacement placement) throws IOException {
    runtime.stop(placement);
  }

  @Override
  public void close() {
    runtime.close();
  }
}
