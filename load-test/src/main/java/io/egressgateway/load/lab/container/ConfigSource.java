package io.egressgateway.load.lab.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The contents of ConfigMaps and Secrets of one namespace, asked for when needed. */
final class ConfigSource {
  private final KubernetesClient client;
  private final String namespace;

  ConfigSource(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Every key's bytes; empty if there is no such object. */
  Optional<SortedMap<String, byte[]>> configMap(String name) {
    ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
    if (found == null) {
      return Optional.empty();
    }
    SortedMap<String, byte[]> data = new TreeMap<>();
    if (found.getData() != null) {
      found.getData().forEach((key, text) -> data.put(key, text.getBytes(UTF_8)));
    }
    if (found.getBinaryData() != null) {
      found.getBinaryData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    return Optional.of(data);
  }

  /** Every key's bytes; empty if there is no such object. */
  Optional<SortedMap<String, byte[]>> secret(String name) {
    Secret found = client.secrets().inNamespace(namespace).withName(name).get();
    if (found == null) {
      return Optional.empty();
    }
    SortedMap<String, byte[]> data = new TreeMap<>();
    if (found.getData() != null) {
      found.getData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    return Optional.of(data);
  }
}
