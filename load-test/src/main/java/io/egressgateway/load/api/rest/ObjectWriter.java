package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.schema.SchemaViolation;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ObjectKey;
import io.egressgateway.load.api.store.ObjectStore;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Scope;
import io.egressgateway.load.api.store.StatusRule;
import io.egressgateway.load.api.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Creation and change of objects, each atomic. */
final class ObjectWriter {

  /** The part of an object that a write changes. */
  enum Part {
    /** All but what a status subresource owns. */
    MAIN,
    /** Only {@code status}. */
    STATUS
  }

  /** One object, and which part of it. */
  record Target(ResourceType type, ObjectKey key, Part part) {}

  private static final String STALE =
      "the object has been modified; please apply your changes to the latest version and try again";

  private final ObjectStore store;
  private final TypeRegistry types;
  private final MetadataRules metadata;
  private final ObjectRemover remover;

  ObjectWriter(
      ObjectStore store, TypeRegistry types, MetadataRules metadata, ObjectRemover remover) {
    this.store = store;
    this.types = types;
    this.metadata = metadata;
    this.remover = remover;
  }

  /**
   * Creates an object.
   *
   * @throws ApiException 404 for an unknown namespace, 409 if the name is taken, 422 if invalid
   */
  ObjectNode create(
      ResourceType type, Optional<String> namespace, ObjectNode body, WriteOptions options) {
    ObjectNode object = body.deepCopy();
    checkKind(type, object);
    ObjectNode objectMetadata = Json.metadata(object);
    if (Json.text(objectMetadata, "resourceVersion").isPresent()) {
      throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
    }
    placeIn(namespace, objectMetadata);
    String name = metadata.nameFor(type, objectMetadata);
    metadata.stampNew(objectMetadata);
    KindRules.start(type, object);
    KindRules.settle(type, object, options);
    if (type.is(BuiltInTypes.DEFINITIONS)) {
      CustomResources.establish(object, metadata.now());
    }
    ObjectKey key = new ObjectKey(type.qualifiedName(), namespace.orElse(""), name);
    return store.exclusively(
        () -> {
          namespace.ifPresent(home -> requireNamespace(type, home, name));
          if (store.get(key).isPresent()) {
            throw ApiException.alreadyExists(type, name);
          }
          return commit(type, key, object, options);
        });
  }

  /**
   * Changes an object that exists.
   *
   * @param change from the stored tree (its own copy) to what the client wants
   * @throws ApiException 404 if it does not exist, 409 if the change is from an older version, 422
   *     if the result is invalid
   */
  ObjectNode change(Target target, UnaryOperator<ObjectNode> change, WriteOptions options) {
    ResourceType type = target.type();
    String name = target.key().name();
    if (target.part() == Part.STATUS && type.status() == StatusRule.PART_OF_OBJECT) {
      throw ApiException.noSuchResource();
    }
    return store.exclusively(
        () -> {
          StoredObject current =
              store.get(target.key()).orElseThrow(() -> ApiException.notFound(type, name));
          ObjectNode wanted = change.apply(current.copy());
          checkKind(type, wanted);
          checkVersion(type, current, wanted);
          ObjectNode next =
              target.part() == Part.STATUS
                  ? withStatus(current.copy(), wanted)
                  : merged(type, current, wanted);
          KindRules.settle(type, next, options);
          if (next.equals(current.json())) {
            return next;
          }
          if (KindRules.specDiffers(type, current.json(), next)) {
            ObjectNode nextMetadata = Json.metadata(next);
            nextMetadata.put("generation", nextMetadata.path("generation").asLong(0) + 1);
          }
          return commitChange(target, current, next, options);
        });
  }

  private ObjectNode commitChange(
      Target target, StoredObject current, ObjectNode next, WriteOptions options) {
    JsonNode finalizers = next.at("/metadata/finalizers");
    if (current.isTerminating()) {
      checkNoNewFinalizer(target.type(), current, finalizers);
      // Namespaces and definitions end when their contents are gone.
      boolean container =
          target.type().is(BuiltInTypes.NAMESPACES) || target.type().is(BuiltInTypes.DEFINITIONS);
      if (finalizers.isEmpty() && !container) {
        if (options.persistence() == WriteOptions.Persistence.COMMIT) {
          remover.complete(target.key());
        }
        return next;
      }
    }
    return commit(target.type(), target.key(), next, options);
  }

  private ObjectNode commit(
      ResourceType type, ObjectKey key, ObjectNode object, WriteOptions options) {
    if (options.persistence() == WriteOptions.Persistence.DRY_RUN) {
      return object;
    }
    StoredObject stored = store.put(key, object);
    if (type.is(BuiltInTypes.DEFINITIONS)) {
      types.register(CustomResources.type(stored.json()));
    }
    return stored.json();
  }

  private static ObjectNode merged(ResourceType type, StoredObject current, ObjectNode wanted) {
    MetadataRules.carryOver(current.json().path("metadata"), Json.metadata(wanted));
    if (type.status() == StatusRule.SUBRESOURCE) {
      withStatus(wanted, current.json());
    }
    return wanted;
  }

  private static ObjectNode withStatus(ObjectNode object, ObjectNode source) {
    if (source.has("status")) {
      object.set("status", source.get("status"));
    } else {
      object.remove("status");
    }
    return object;
  }

  private static void checkKind(ResourceType type, ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText(type.version().apiVersion());
    String kind = object.path("kind").asText(type.names().kind());
    if (!apiVersion.equals(type.version().apiVersion()) || !kind.equals(type.names().kind())) {
      throw ApiException.badRequest(
          "%s in version \"%s\" cannot be handled as %s in version \"%s\""
              .formatted(kind, apiVersion, type.names().kind(), type.version().apiVersion()));
    }
    object.put("apiVersion", apiVersion).put("kind", kind);
  }

  private static void placeIn(Optional<String> namespace, ObjectNode metadata) {
    if (namespace.isEmpty()) {
      metadata.remove("namespace");
      return;
    }
    String home = namespace.get();
    if (Json.text(metadata, "namespace").filter(other -> !other.equals(home)).isPresent()) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    metadata.put("namespace", home);
  }

  private void requireNamespace(ResourceType type, String namespace, String name) {
    ResourceType namespaces = types.find(BuiltInTypes.NAMESPACES).orElseThrow();
    StoredObject home =
        store
            .get(new ObjectKey(BuiltInTypes.NAMESPACES, "", namespace))
            .orElseThrow(() -> ApiException.notFound(namespaces, namespace));
    if (home.isTerminating()) {
      throw ApiException.forbidden(
          type,
          name,
          "unable to create new content in namespace %s because it is being terminated"
              .formatted(namespace));
    }
  }

  private static void checkVersion(ResourceType type, StoredObject current, ObjectNode wanted) {
    ObjectKey key = current.key();
    JsonNode wantedMetadata = wanted.path("metadata");
    boolean samePlace =
        wantedMetadata.path("name").asText(key.name()).equals(key.name())
            && (type.scope() == Scope.CLUSTER
                || wantedMetadata
                    .path("namespace")
                    .asText(key.namespace())
                    .equals(key.namespace()));
    if (!samePlace) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(wantedMetadata.path("name").asText(), key.name()));
    }
    if (Json.text(wantedMetadata, "uid").filter(uid -> !uid.equals(current.uid())).isPresent()) {
      throw ApiException.conflict(
          type,
          key.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(wantedMetadata.path("uid").asText(), current.uid()));
    }
    Optional<String> revision = Json.text(wantedMetadata, "resourceVersion");
    if (revision.isEmpty() && type.custom().isPresent()) {
      throw ApiException.invalid(
          type,
          key.name(),
          List.of(
              new SchemaViolation(
                  "metadata.resourceVersion",
                  "FieldValueInvalid",
                  "Invalid value: 0x0: must be specified for an update")));
    }
    if (revision.isPresent() && !revision.get().equals(Long.toString(current.revision()))) {
      throw ApiException.conflict(type, key.name(), STALE);
    }
  }

  private static void checkNoNewFinalizer(
      ResourceType type, StoredObject current, JsonNode finalizers) {
    List<String> before =
        current.json().at("/metadata/finalizers").valueStream().map(JsonNode::asText).toList();
    List<String> added =
        finalizers
            .valueStream()
            .map(JsonNode::asText)
            .filter(one -> !before.contains(one))
            .toList();
    if (!added.isEmpty()) {
      throw ApiException.invalid(
          type,
          current.key().name(),
          List.of(
              new SchemaViolation(
                  "metadata.finalizers",
                  "FieldValueForbidden",
                  "Forbidden: no new finalizers can be added if the object is being deleted, found"
                      + " new finalizers "
                      + added)));
    }
  }
}
