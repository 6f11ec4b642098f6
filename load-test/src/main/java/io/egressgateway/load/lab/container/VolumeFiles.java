package io.egressgateway.load.lab.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of volumes that Kubernetes objects give their content: path below the volume → bytes.
 */
final class VolumeFiles {
  private final PodFacts facts;
  private final ConfigSource configs;
  private final Supplier<byte[]> token;

  /**
   * @param token a fresh token of the pod's service account
   */
  VolumeFiles(PodFacts facts, ConfigSource configs, Supplier<byte[]> token) {
    this.facts = facts;
    this.configs = configs;
    this.token = token;
  }

  /** The files of the volume; empty if its content does not come from Kubernetes objects. */
  Optional<SortedMap<String, byte[]>> of(Volume volume) {
    if (volume.getConfigMap() != null) {
      ConfigMapVolumeSource source = volume.getConfigMap();
      return Optional.of(
          chosen(
              "ConfigMap " + source.getName(),
              configs.configMap(source.getName()),
              source.getItems(),
              source.getOptional()));
    }
    if (volume.getSecret() != null) {
      SecretVolumeSource source = volume.getSecret();
      return Optional.of(
          chosen(
              "Secret " + source.getSecretName(),
              configs.secret(source.getSecretName()),
              source.getItems(),
              source.getOptional()));
    }
    if (volume.getDownwardAPI() != null) {
      return Optional.of(downward(volume.getDownwardAPI().getItems()));
    }
    return Optional.ofNullable(volume.getProjected()).map(this::projected);
  }

  private SortedMap<String, byte[]> projected(ProjectedVolumeSource projected) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (VolumeProjection source : projected.getSources()) {
      files.putAll(projection(source));
    }
    return files;
  }

  private SortedMap<String, byte[]> projection(VolumeProjection source) {
    if (source.getServiceAccountToken() != null) {
      SortedMap<String, byte[]> files = new TreeMap<>();
      files.put(source.getServiceAccountToken().getPath(), token.get());
      return files;
    }
    if (source.getConfigMap() != null) {
      ConfigMapProjection map = source.getConfigMap();
      return chosen(
          "ConfigMap " + map.getName(),
          configs.configMap(map.getName()),
          map.getItems(),
          map.getOptional());
    }
    if (source.getSecret() != null) {
      SecretProjection secret = source.getSecret();
      return chosen(
          "Secret " + secret.getName(),
          configs.secret(secret.getName()),
          secret.getItems(),
          secret.getOptional());
    }
    if (source.getDownwardAPI() != null) {
      return downward(source.getDownwardAPI().getItems());
    }
    throw new UnsupportedPodException("projected volume source " + source);
  }

  private SortedMap<String, byte[]> downward(List<DownwardAPIVolumeFile> items) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (DownwardAPIVolumeFile item : items) {
      files.put(item.getPath(), facts.field(item.getFieldRef()).getBytes(UTF_8));
    }
    return files;
  }

  private static SortedMap<String, byte[]> chosen(
      String object,
      Optional<SortedMap<String, byte[]>> data,
      @Nullable List<KeyToPath> items,
      @Nullable Boolean optional) {
    if (data.isEmpty()) {
      if (Boolean.TRUE.equals(optional)) {
        return new TreeMap<>();
      }
      throw new UnsupportedPodException(object + " does not exist yet");
    }
    if (items == null || items.isEmpty()) {
      return data.get();
    }
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (KeyToPath item : items) {
      byte[] bytes = data.get().get(item.getKey());
      if (bytes == null && !Boolean.TRUE.equals(optional)) {
        throw new UnsupportedPodException(object + " has no key " + item.getKey());
      }
      if (bytes != null) {
        files.put(item.getPath(), bytes);
      }
    }
    return files;
  }
}
