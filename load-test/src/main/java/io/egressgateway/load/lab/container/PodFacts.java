package io.egressgateway.load.lab.container;

import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;

/**
 * What the downward API tells a container.
 *
 * @param address the pod's
 * @param hostAddress its node's
 */
record PodFacts(Pod pod, String node, String address, String hostAddress) {
  private static final String LABEL = "metadata.labels['";
  private static final String ANNOTATION = "metadata.annotations['";

  String namespace() {
    return pod.getMetadata().getNamespace();
  }

  String name() {
    return pod.getMetadata().getName();
  }

  /**
   * The field's value.
   *
   * @throws UnsupportedPodException for a field that is not in the downward API
   */
  String field(ObjectFieldSelector selector) {
    String path = selector.getFieldPath();
    return switch (path) {
      case "metadata.name" -> name();
      case "metadata.namespace" -> namespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "spec.nodeName" -> node;
      case "spec.serviceAccountName" -> serviceAccount();
      case "status.podIP", "status.podIPs" -> address;
      case "status.hostIP" -> hostAddress;
      default -> mapped(path);
    };
  }

  /** The account whose rights the pod has. */
  String serviceAccount() {
    return Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
  }

  private String mapped(String path) {
    if (path.startsWith(LABEL)) {
      return entry(pod.getMetadata().getLabels(), path, LABEL);
    }
    if (path.startsWith(ANNOTATION)) {
      return entry(pod.getMetadata().getAnnotations(), path, ANNOTATION);
    }
    throw new UnsupportedPodException("fieldRef " + path);
  }

  private static String entry(Map<String, String> map, String path, String prefix) {
    String key = path.substring(prefix.length(), path.length() - "']".length());
    return Optional.ofNullable(map.get(key)).orElse("");
  }
}
