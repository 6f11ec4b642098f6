package io.egressgateway.load.lab.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Keeps as many pods of each Deployment as it asks for. Not thread-safe. */
final class DeploymentController {
  private final KubernetesClient client;
  private final SecureRandom random = new SecureRandom();

  DeploymentController(KubernetesClient client) {
    this.client = client;
  }

  void reconcile(List<Deployment> deployments, List<Pod> pods) {
    Set<String> living = new HashSet<>();
    for (Deployment deployment : deployments) {
      living.add(deployment.getMetadata().getUid());
      scale(deployment, pods);
    }
    // What a garbage collector would do.
    pods.stream()
        .filter(
            pod -> PodObjects.owningDeployment(pod).filter(u -> !living.contains(u)).isPresent())
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .forEach(this::delete);
  }

  private void scale(Deployment deployment, List<Pod> pods) {
    String hash = PodObjects.templateHash(deployment);
    List<Pod> own =
        pods.stream()
            .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
            .filter(
                pod ->
                    PodObjects.owningDeployment(pod)
                        .equals(Optional.of(deployment.getMetadata().getUid())))
            .toList();
    List<Pod> current = own.stream().filter(pod -> hash.equals(hashOf(pod))).toList();
    own.stream().filter(pod -> !hash.equals(hashOf(pod))).forEach(this::delete);
    int wanted = Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(1);
    for (int i = current.size(); i < wanted; i++) {
      client.resource(PodObjects.ofTemplate(deployment, random)).create();
    }
    current.stream()
        .sorted(Comparator.comparing((Pod pod) -> pod.getMetadata().getName()).reversed())
        .limit(Math.max(0, current.size() - wanted))
        .forEach(this::delete);
    report(deployment, current);
  }

  private static Optional<String> podHash(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels())
        .map(labels -> labels.get(PodObjects.TEMPLATE_HASH));
  }

  private static String hashOf(Pod pod) {
    return podHash(pod).orElse("");
  }

  private void report(Deployment deployment, List<Pod> current) {
    int ready =
        (int)
            current.stream()
                .filter(pod -> pod.getStatus() != null)
                .filter(pod -> Objects.equals(pod.getStatus().getPhase(), "Running"))
                .count();
    DeploymentStatus status =
        new DeploymentStatusBuilder()
            .withObservedGeneration(deployment.getMetadata().getGeneration())
            .withReplicas(current.size())
            .withUpdatedReplicas(current.size())
            .withReadyReplicas(ready)
            .withAvailableReplicas(ready)
            .build();
    if (!sameCounts(deployment.getStatus(), status)) {
      deployment.setStatus(status);
      client.resource(deployment).patchStatus();
    }
  }

  private static boolean sameCounts(DeploymentStatus before, DeploymentStatus after) {
    return before != null
        && Objects.equals(before.getObservedGeneration(), after.getObservedGeneration())
        && Objects.equals(before.getReplicas(), after.getReplicas())
        && Objects.equals(before.getReadyReplicas(), after.getReadyReplicas());
  }

  private void delete(Pod pod) {
    client.resource(pod).withGracePeriod(0).delete();
  }
}
