package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Optional;

/**
 * Which object: another uid under the same name is another object.
 *
 * @param namespace empty for a kind that has none
 */
public record ObjectId(String namespace, String name, String uid) {
  static ObjectId of(ObjectMeta object) {
    return new ObjectId(
        Optional.ofNullable(object.getNamespace()).orElse(""), object.getName(), object.getUid());
  }

  /** What only one object has at a time. */
  String key() {
    return namespace + "/" + name;
  }
}
