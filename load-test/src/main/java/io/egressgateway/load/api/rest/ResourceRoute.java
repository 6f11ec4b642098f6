package io.egressgateway.load.api.rest;

import io.egressgateway.load.api.store.FieldRequirements;
import io.egressgateway.load.api.store.LabelRequirements;
import io.egressgateway.load.api.store.ObjectKey;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import io.egressgateway.load.api.store.Selection;
import java.util.Optional;

/** A path whose resource is served. */
record ResourceRoute(ResourceType type, ResourcePath path) {

  /**
   * Finds the resource.
   *
   * @throws ApiException 404 if it is not served, or not in that scope
   */
  static ResourceRoute resolve(TypeRegistry types, String path) {
    ResourcePath parsed = ResourcePath.parse(path).orElseThrow(ApiException::noSuchResource);
    ResourceType type =
        types.find(parsed.version(), parsed.plural()).orElseThrow(ApiException::noSuchResource);
    boolean clusterScoped = type.scope() == Scope.CLUSTER;
    if (clusterScoped == parsed.namespace().isPresent()) {
      // Only lists and watches go across namespaces.
      if (clusterScoped || parsed.name().isPresent()) {
        throw ApiException.noSuchResource();
      }
    }
    return new ResourceRoute(type, parsed);
  }

  /** The object's key; the path must have a name. */
  ObjectKey key() {
    return new ObjectKey(
        type.qualifiedName(), path.namespace().orElse(""), path.name().orElseThrow());
  }

  /**
   * What the list or watch selects.
   *
   * @throws ApiException 400 for a selector that cannot be read
   */
  Selection selection(ApiRequest request) {
    try {
      return new Selection(
          path.namespace(),
          path.name(),
          LabelRequirements.parse(request.parameter("labelSelector")),
          FieldRequirements.parse(request.parameter("fieldSelector")));
    } catch (IllegalArgumentException unreadable) {
      throw ApiException.badRequest(String.valueOf(unreadable.getMessage()));
    }
  }

  Optional<String> name() {
    return path.name();
  }

  String subresource() {
    return path.subresource().orElse("");
  }
}
