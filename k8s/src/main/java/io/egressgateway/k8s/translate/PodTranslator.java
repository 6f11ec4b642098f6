package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what matters of a Pod. */
public final class PodTranslator {

  private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  private PodTranslator() {}

  /**
   * The pod; nothing if policies cannot select it: it uses its node's network, has finished, or has
   * no address or node yet.
   */
  public static Optional<PodFacts> translate(Pod pod) {
    if (pod.getSpec() == null
        || pod.getStatus() == null
        || Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
        || FINISHED.contains(String.valueOf(pod.getStatus().getPhase()))) {
      return Optional.empty();
    }
    SortedSet<IpAddress> addresses = addresses(pod);
    return Texts.text(pod.getSpec().getNodeName())
        .filter(ignored -> !addresses.isEmpty())
        .map(
            node ->
                new PodFacts(
                    id(pod.getMetadata()),
                    labels(pod.getMetadata()),
                    new NodeName(node),
                    addresses));
  }

  /** What identifies the pod, whether or not policies can select it. */
  public static PodFacts.Id id(ObjectMeta metadata) {
    return new PodFacts.Id(
        metadata.getUid(),
        metadata.getNamespace(),
        metadata.getName(),
        created(metadata.getCreationTimestamp()));
  }

  private static Instant created(@Nullable String time) {
    try {
      return Texts.text(time).map(Instant::parse).orElse(Instant.EPOCH);
    } catch (DateTimeParseException notATime) {
      return Instant.EPOCH;
    }
  }

  static Labels labels(ObjectMeta metadata) {
    Map<String, String> labels = metadata.getLabels();
    return labels == null ? Labels.empty() : Labels.of(labels);
  }

  private static SortedSet<IpAddress> addresses(Pod pod) {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    Stream.concat(
            Stream.ofNullable(pod.getStatus().getPodIP()),
            Texts.items(pod.getStatus().getPodIPs()).stream().map(PodIP::getIp))
        .flatMap(text -> Texts.text(text).stream())
        .flatMap(text -> IpAddress.parse(text).stream())
        .forEach(addresses::add);
    return addresses;
  }
}
