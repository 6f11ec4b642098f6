package io.egressgateway.load.api.rest;

import io.egressgateway.load.api.store.ObjectStore;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.StoredObject;
import io.egressgateway.load.api.table.TableRenderer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** GET of an object or a collection. */
final class ResourceReader {
  private final ObjectStore store;
  private final Clock clock;

  ResourceReader(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  ApiResponse get(ResourceRoute route, ApiRequest request) {
    StoredObject object =
        store
            .get(route.key())
            .orElseThrow(() -> ApiException.notFound(route.type(), route.key().name()));
    return switch (Representation.parse(request.headers().accept())) {
      case OBJECT -> ApiResponse.json(200, object.bytes());
      case TABLE -> table(route.type(), List.of(object), object.revision(), request);
    };
  }

  /** {@code limit} is ignored: a list is always complete. */
  ApiResponse list(ResourceRoute route, ApiRequest request) {
    ObjectStore.Listing listing =
        store.list(route.type().qualifiedName(), route.selection(request));
    return switch (Representation.parse(request.headers().accept())) {
      case OBJECT -> ApiResponse.json(200, listBytes(route.type(), listing));
      case TABLE -> table(route.type(), listing.objects(), listing.revision(), request);
    };
  }

  static TableRenderer renderer(ResourceType type, ApiRequest request) {
    return TableRenderer.of(
        type,
        switch (request.parameter("includeObject")) {
          case "None" -> TableRenderer.RowObject.NONE;
          case "Object" -> TableRenderer.RowObject.OBJECT;
          default -> TableRenderer.RowObject.METADATA;
        });
  }

  private ApiResponse table(
      ResourceType type, List<StoredObject> objects, long revision, ApiRequest request) {
    return ApiResponse.json(
        200,
        renderer(type, request)
            .render(objects.stream().map(StoredObject::json).toList(), revision, clock.instant()));
  }

  private static byte[] listBytes(ResourceType type, ObjectStore.Listing listing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head =
        "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":["
            .formatted(type.names().kind(), type.version().apiVersion(), listing.revision());
    out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    String separator = "";
    for (StoredObject object : listing.objects()) {
      out.writeBytes(separator.getBytes(StandardCharsets.UTF_8));
      out.writeBytes(object.bytes());
      separator = ",";
    }
    out.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }
}
