package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ObjectKey;
import io.egressgateway.load.api.store.ObjectStore;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import io.egressgateway.load.api.store.StatusRule;
import io.egressgateway.load.api.store.StoredObject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Answers every request but watches. Any thread may call. */
final class ApiRouter {
  private static final int APPLIED_MAX = 20_000;
  private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");

  private final ObjectStore store;
  private final TypeRegistry types;
  private final Discovery discovery;
  private final OpenApiDocuments openApi;
  private final ResourceReader reader;
  private final ObjectWriter writer;
  private final ObjectRemover remover;
  // What each manager applied last to each object; guarded by the store's lock. The oldest are
  // forgotten: fields that such a manager drops then stay.
  private final Map<String, JsonNode> applied =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
          return size() > APPLIED_MAX;
        }
      };

  ApiRouter(ObjectStore store, TypeRegistry types, Clock clock) {
    this.store = store;
    this.types = types;
    this.discovery = new Discovery(types);
    this.openApi = new OpenApiDocuments(types);
    this.reader = new ResourceReader(store, clock);
    MetadataRules metadata = new MetadataRules(clock);
    this.remover = new ObjectRemover(store, types, metadata);
    this.writer = new ObjectWriter(store, types, metadata, remover);
  }

  ApiResponse answer(ApiRequest request) {
    try {
      return route(request);
    } catch (ApiException refusal) {
      return ApiResponse.refusal(refusal);
    }
  }

  private ApiResponse route(ApiRequest request) {
    String path = request.path();
    if (HEALTH.contains(path)) {
      return ApiResponse.text("ok");
    }
    if (path.equals("/version")) {
      return ApiResponse.json(200, ServerVersion.document());
    }
    Optional<ObjectNode> document = discovery.document(path).or(() -> openApi.document(path));
    if (document.isPresent()) {
      return ApiResponse.json(200, document.get());
    }
    ResourceRoute route = ResourceRoute.resolve(types, path);
    if (route.name().isEmpty()) {
      return onCollection(route, request);
    }
    return switch (route.subresource()) {
      case "" -> onObject(route, request);
      case "status" -> onStatus(route, request);
      case "scale" -> onScale(route, request);
      case "binding" -> bind(route, request);
      case "eviction" -> delete(route, request);
      // kubectl's second attempt, over SPDY, after the WebSocket was refused.
      case "exec" -> throw ApiException.notRunning(route.type(), route.key().name());
      default -> throw ApiException.noSuchResource();
    };
  }

  private ApiResponse onCollection(ResourceRoute route, ApiRequest request) {
    return switch (request.method()) {
      case "GET" -> reader.list(route, request);
      case "POST" -> create(route, request);
      case "DELETE" -> deleteCollection(route, request);
      default -> throw ApiException.methodNotAllowed();
    };
  }

  private ApiResponse onObject(ResourceRoute route, ApiRequest request) {
    return switch (request.method()) {
      case "GET" -> reader.get(route, request);
      case "PUT" -> replace(route, request, ObjectWriter.Part.MAIN);
      case "PATCH" -> patch(route, request, ObjectWriter.Part.MAIN);
      case "DELETE" -> delete(route, request);
      default -> throw ApiException.methodNotAllowed();
    };
  }

  private ApiResponse onStatus(ResourceRoute route, ApiRequest request) {
    if (route.type().status() == StatusRule.PART_OF_OBJECT) {
      throw ApiException.noSuchResource();
    }
    return switch (request.method()) {
      case "GET" -> reader.get(route, request);
      case "PUT" -> replace(route, request, ObjectWriter.Part.STATUS);
      case "PATCH" -> patch(route, request, ObjectWriter.Part.STATUS);
      default -> throw ApiException.methodNotAllowed();
    };
  }

  private ApiResponse onScale(ResourceRoute route, ApiRequest request) {
    if (!Scale.isServedFor(route.type())) {
      throw ApiException.noSuchResource();
    }
    StoredObject workload =
        store
            .get(route.key())
            .orElseThrow(() -> ApiException.notFound(route.type(), route.key().name()));
    if (request.method().equals("GET")) {
      return ApiResponse.json(200, Scale.of(workload.json()));
    }
    UnaryOperator<ObjectNode> change =
        switch (request.method()) {
          case "PUT" -> scale -> Bodies.object(request);
          case "PATCH" -> {
            PatchRequest patch = PatchRequest.parse(route.type(), request);
            yield scale -> patch.applyTo(scale, Optional.empty());
          }
          default -> throw ApiException.methodNotAllowed();
        };
    ObjectNode changed =
        writer.change(
            new ObjectWriter.Target(route.type(), route.key(), ObjectWriter.Part.MAIN),
            current -> Scale.into(current, change.apply(Scale.of(current))),
            WriteOptions.parse(request.query()));
    return ApiResponse.json(200, Scale.of(changed));
  }

  private ApiResponse create(ResourceRoute route, ApiRequest request) {
    if (route.type().scope() == Scope.NAMESPACED && route.path().namespace().isEmpty()) {
      throw ApiException.methodNotAllowed();
    }
    return ApiResponse.json(
        201,
        writer.create(
            route.type(),
            route.path().namespace(),
            Bodies.object(request),
            WriteOptions.parse(request.query())));
  }

  private ApiResponse replace(ResourceRoute route, ApiRequest request, ObjectWriter.Part part) {
    ObjectNode body = Bodies.object(request);
    return ApiResponse.json(
        200,
        writer.change(
            new ObjectWriter.Target(route.type(), route.key(), part),
            current -> body,
            WriteOptions.parse(request.query())));
  }

  private ApiResponse patch(ResourceRoute route, ApiRequest request, ObjectWriter.Part part) {
    PatchRequest patch = PatchRequest.parse(route.type(), request);
    WriteOptions options = WriteOptions.parse(request.query());
    ObjectWriter.Target target = new ObjectWriter.Target(route.type(), route.key(), part);
    return switch (patch) {
      case PatchRequest.Merge ignored -> patch(target, patch, options);
      case PatchRequest.Operations ignored -> patch(target, patch, options);
      case PatchRequest.Strategic ignored -> patch(target, patch, options);
      case PatchRequest.Apply(ObjectNode configuration) ->
          store.exclusively(() -> apply(target, configuration, options));
    };
  }

  private ApiResponse patch(ObjectWriter.Target target, PatchRequest patch, WriteOptions options) {
    return ApiResponse.json(
        200, writer.change(target, current -> patch.applyTo(current, Optional.empty()), options));
  }

  private ApiResponse apply(
      ObjectWriter.Target target, ObjectNode configuration, WriteOptions options) {
    ObjectKey key = target.key();
    Json.metadata(configuration).put("name", key.name());
    boolean exists = store.get(key).isPresent();
    if (!exists && target.part() == ObjectWriter.Part.STATUS) {
      throw ApiException.notFound(target.type(), key.name());
    }
    ObjectNode result =
        exists
            ? writer.change(
                target, current -> applyTo(current, target, configuration, options), options)
            : writer.create(
                target.type(),
                Optional.of(key.namespace()).filter(namespace -> !namespace.isEmpty()),
                configuration,
                options);
    if (options.persistence() == WriteOptions.Persistence.COMMIT) {
      applied.put(managerKey(result, target.part(), options), configuration);
    }
    return ApiResponse.json(exists ? 200 : 201, result);
  }

  private ObjectNode applyTo(
      ObjectNode current,
      ObjectWriter.Target target,
      ObjectNode configuration,
      WriteOptions options) {
    Optional<JsonNode> previous =
        Optional.ofNullable(applied.get(managerKey(current, target.part(), options)));
    return new PatchRequest.Apply(configuration).applyTo(current, previous);
  }

  private static String managerKey(
      ObjectNode object, ObjectWriter.Part part, WriteOptions options) {
    return object.at("/metadata/uid").asText() + " " + part + " " + options.fieldManager();
  }

  private ApiResponse bind(ResourceRoute route, ApiRequest request) {
    String node = Bodies.object(request).at("/target/name").asText();
    if (!request.method().equals("POST") || !route.type().is(BuiltInTypes.PODS)) {
      throw ApiException.methodNotAllowed();
    }
    writer.change(
        new ObjectWriter.Target(route.type(), route.key(), ObjectWriter.Part.MAIN),
        pod -> {
          Json.child(pod, "spec").put("nodeName", node);
          return pod;
        },
        WriteOptions.PLAIN);
    return ApiResponse.json(201, success(route.type(), route.key().name()));
  }

  private ApiResponse delete(ResourceRoute route, ApiRequest request) {
    ObjectRemover.Options options = deleteOptions(request);
    if (request.query().containsKey("dryRun")) {
      return reader.get(route, request);
    }
    return switch (remover.delete(route.type(), route.key(), options)) {
      case ObjectRemover.Outcome.Gone(var last) ->
          route.type().custom().isPresent()
              ? ApiResponse.json(200, success(route.type(), last.key().name()))
              : ApiResponse.json(200, last.bytes());
      case ObjectRemover.Outcome.Waiting(var object) -> ApiResponse.json(200, object.bytes());
    };
  }

  private ApiResponse deleteCollection(ResourceRoute route, ApiRequest request) {
    ApiResponse listed = reader.list(route, request);
    ObjectRemover.Options options =
        new ObjectRemover.Options(
            Optional.empty(), Optional.empty(), deleteOptions(request).propagation());
    store
        .list(route.type().qualifiedName(), route.selection(request))
        .objects()
        .forEach(
            object ->
                store.exclusively(
                    () ->
                        store
                            .get(object.key())
                            .map(still -> remover.delete(route.type(), still.key(), options))));
    return listed;
  }

  private static ObjectRemover.Options deleteOptions(ApiRequest request) {
    return ObjectRemover.Options.parse(
        Bodies.options(request), request.parameter("propagationPolicy"));
  }

  private static ObjectNode success(ResourceType type, String name) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    status
        .putObject("details")
        .put("name", name)
        .put("group", type.version().group())
        .put("kind", type.names().plural());
    return status;
  }
}
