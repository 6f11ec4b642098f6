package io.egressgateway.load.lab.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Who makes the pods of a lab, and what is run in them. Called by one thread. */
public interface Workloads extends AutoCloseable {
  /** Makes and deletes pods as their owners want; nothing where somebody else does. */
  void makePods(KubernetesClient client, List<Pod> present) throws IOException;

  /** Runs what the pod's containers say. Its network is there. */
  void run(KubernetesClient client, Pod pod, PodPlacement placement, Instant now)
      throws IOException;

  /** The API does not show that the pod runs; says so again unless somebody else will. */
  void tellAgain(KubernetesClient client, Pod pod, PodPlacement placement, Instant now);

  /** Ends what runs in the pod. Its network goes afterwards. */
  void end(PodPlacement placement) throws IOException;

  /** Ends everything. */
  @Override
  void close();
}
