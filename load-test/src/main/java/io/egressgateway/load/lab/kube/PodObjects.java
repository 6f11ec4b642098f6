package io.egressgateway.load.lab.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** What a deployment controller creates and what a kubelet reports. Pure but for random names. */
final class PodObjects {
  static final String TEMPLATE_HASH = "pod-template-hash";

  // Kubernetes leaves out vowels and what looks alike, so that no words appear.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final int HASH_LENGTH = 9;

  private PodObjects() {}

  /** Equal for equal templates; a pod with another one is outdated. */
  static String templateHash(Deployment deployment) {
    CRC32 crc = new CRC32();
    crc.update(Serialization.asJson(deployment.getSpec().getTemplate()).getBytes(UTF_8));
    StringBuilder text = new StringBuilder();
    long rest = crc.getValue() * ALPHABET.length();
    for (int i = 0; i < HASH_LENGTH; i++) {
      text.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
      rest = rest / ALPHABET.length() + crc.getValue();
    }
    return text.toString();
  }

  static Pod ofTemplate(Deployment deployment, RandomGenerator random) {
    String hash = templateHash(deployment);
    StringBuilder name =
        new StringBuilder(deployment.getMetadata().getName()).append('-').append(hash).append('-');
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    var template = deployment.getSpec().getTemplate();
    Map<String, String> labels = new TreeMap<>(template.getMetadata().getLabels());
    labels.put(TEMPLATE_HASH, hash);
    return new PodBuilder()
        .withNewMetadata()
        .withName(name.toString())
        .withNamespace(deployment.getMetadata().getNamespace())
        .withLabels(labels)
        .withAnnotations(template.getMetadata().getAnnotations())
        .addNewOwnerReference()
        .withApiVersion("apps/v1")
        .withKind("Deployment")
        .withName(deployment.getMetadata().getName())
        .withUid(deployment.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  /** Whether the API shows that the pod has been run: from then on it has an address. */
  static boolean isRunning(Pod pod) {
    return pod.getStatus() != null && pod.getStatus().getPodIP() != null;
  }

  /** The uid of the deployment that the pod belongs to. */
  static Optional<String> owningDeployment(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals("Deployment"))
        .map(OwnerReference::getUid)
        .findFirst();
  }

  static PodStatus running(Pod pod, PodPlacement placement, Instant now) {
    String time = now.toString();
    List<ContainerStatus> containers =
        pod.getSpec().getContainers().stream()
            .map(
                container ->
                    new ContainerStatusBuilder()
                        .withName(container.getName())
                        .withImage(container.getImage())
                        .withImageID("lab://" + container.getImage())
                        .withContainerID("lab://" + placement.netNamespace())
                        .withReady(true)
                        .withStarted(true)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewRunning(time)
                        .endState()
                        .build())
            .toList();
    PodStatusBuilder status =
        new PodStatusBuilder()
            .withPhase("Running")
            .withHostIP(placement.node().underlay().toString())
            .withPodIP(placement.address().toString())
            .addNewPodIP(placement.address().toString())
            .withStartTime(time)
            .withQosClass("BestEffort")
            .withContainerStatuses(containers);
    placement.addressV6().ifPresent(address -> status.addNewPodIP(address.toString()));
    for (String type : List.of("Initialized", "Ready", "ContainersReady", "PodScheduled")) {
      status
          .addNewCondition()
          .withType(type)
          .withStatus("True")
          .withLastTransitionTime(time)
          .endCondition();
    }
    return status.build();
  }
}
