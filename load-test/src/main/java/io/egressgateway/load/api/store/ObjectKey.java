package io.egressgateway.load.api.store;

import java.util.Comparator;

/**
 * An object's place.
 *
 * @param resource {@link ResourceType#qualifiedName()}
 * @param namespace empty for cluster-scoped objects, as in the API's own notation
 * @param name the object's name
 */
public record ObjectKey(String resource, String namespace, String name)
    implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::resource)
          .thenComparing(ObjectKey::namespace)
          .thenComparing(ObjectKey::name);

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }
}
