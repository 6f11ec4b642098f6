package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ObjectKey;
import io.egressgateway.load.api.store.ObjectStore;
import io.egressgateway.load.api.store.ResourceType;
import io.egressgateway.load.api.store.Selection;
import io.egressgateway.load.api.store.StoredObject;
import java.util.List;
import java.util.Optional;

/**
 * Deletion: finalizers, namespaces and definitions with what is in them, dependents of owners.
 * Grace periods are zero: there is no kubelet that would end a pod.
 */
final class ObjectRemover {

  /** What becomes of the dependents: the field {@code propagationPolicy}. */
  enum Propagation {
    CASCADE,
    ORPHAN
  }

  /**
   * The body of a delete.
   *
   * @param uid a precondition
   * @param resourceVersion a precondition
   * @param propagation what becomes of the dependents
   */
  record Options(Optional<String> uid, Optional<String> resourceVersion, Propagation propagation) {
    static final Options PLAIN =
        new Options(Optional.empty(), Optional.empty(), Propagation.CASCADE);

    static Options parse(JsonNode body, String policyParameter) {
      String policy = Json.text(body, "propagationPolicy").orElse(policyParameter);
      boolean orphan = policy.equals("Orphan") || body.path("orphanDependents").asBoolean(false);
      return new Options(
          Json.text(body, "preconditions", "uid"),
          Json.text(body, "preconditions", "resourceVersion"),
          orphan ? Propagation.ORPHAN : Propagation.CASCADE);
    }
  }

  /** What a delete came to. */
  sealed interface Outcome {
    /** The object is no more. */
    record Gone(StoredObject last) implements Outcome {}

    /** The object stays until its finalizers are gone. */
    record Waiting(StoredObject object) implements Outcome {}
  }

  private final ObjectStore store;
  private final TypeRegistry types;
  private final MetadataRules metadata;

  ObjectRemover(ObjectStore store, TypeRegistry types, MetadataRules metadata) {
    this.store = store;
    this.types = types;
    this.metadata = metadata;
  }

  /**
   * Deletes one object.
   *
   * @throws ApiException 404 if it does not exist, 409 if a precondition fails
   */
  Outcome delete(ResourceType type, ObjectKey key, Options options) {
    return store.exclusively(
        () -> {
          StoredObject object =
              store.get(key).orElseThrow(() -> ApiException.notFound(type, key.name()));
          checkPreconditions(type, object, options);
          if (options.propagation() == Propagation.ORPHAN) {
            orphanDependents(object);
          }
          return begin(object);
        });
  }

  /** Removes an object whose last finalizer is gone. */
  void complete(ObjectKey key) {
    store.remove(key).ifPresent(this::afterRemoval);
  }

  private Outcome begin(StoredObject object) {
    List<StoredObject> contents = contents(object);
    if (!contents.isEmpty()) {
      StoredObject waiting = markTerminating(object);
      contents.forEach(this::begin);
      // The last of the contents takes its container with it.
      return store.get(object.key()).isPresent()
          ? new Outcome.Waiting(waiting)
          : new Outcome.Gone(waiting);
    }
    if (!object.json().at("/metadata/finalizers").isEmpty()) {
      return new Outcome.Waiting(markTerminating(object));
    }
    StoredObject last = store.remove(object.key()).orElse(object);
    afterRemoval(last);
    return new Outcome.Gone(last);
  }

  private StoredObject markTerminating(StoredObject object) {
    if (object.isTerminating()) {
      return object;
    }
    ObjectNode next = object.copy();
    ObjectNode nextMetadata = Json.metadata(next);
    nextMetadata
        .put("deletionTimestamp", metadata.now())
        .put("deletionGracePeriodSeconds", 0)
        .put("generation", nextMetadata.path("generation").asLong(0) + 1);
    if (object.key().resource().equals(BuiltInTypes.NAMESPACES)) {
      next.putObject("status").put("phase", "Terminating");
    }
    return store.put(object.key(), next);
  }

  /** What must be gone before the object: a namespace's objects, a definition's instances. */
  private List<StoredObject> contents(StoredObject object) {
    ObjectKey key = object.key();
    return switch (key.resource()) {
      case BuiltInTypes.NAMESPACES ->
          store.listAll(other -> other.key().namespace().equals(key.name()));
      case BuiltInTypes.DEFINITIONS ->
          store.list(key.name(), Selection.everything(Optional.empty())).objects();
      default -> List.of();
    };
  }

  private void afterRemoval(StoredObject gone) {
    ObjectKey key = gone.key();
    if (key.resource().equals(BuiltInTypes.DEFINITIONS)) {
      types.unregister(key.name());
    }
    for (ObjectKey dependent : store.dependentsOf(gone.uid())) {
      store.get(dependent).ifPresent(object -> releaseDependent(object, gone.uid()));
    }
    completeContainer(new ObjectKey(BuiltInTypes.NAMESPACES, "", key.namespace()));
    completeContainer(new ObjectKey(BuiltInTypes.DEFINITIONS, "", key.resource()));
  }

  private void completeContainer(ObjectKey container) {
    store
        .get(container)
        .filter(StoredObject::isTerminating)
        .filter(object -> contents(object).isEmpty())
        .filter(object -> object.json().at("/metadata/finalizers").isEmpty())
        .ifPresent(object -> complete(object.key()));
  }

  /** A dependent goes with its last owner. */
  private void releaseDependent(StoredObject dependent, String owner) {
    ObjectNode next = dependent.copy();
    ArrayNode owners = Json.array(Json.metadata(next), "ownerReferences");
    removeOwner(owners, owner);
    if (owners.isEmpty()) {
      begin(dependent);
    } else {
      store.put(dependent.key(), next);
    }
  }

  private void orphanDependents(StoredObject owner) {
    for (ObjectKey key : store.dependentsOf(owner.uid())) {
      StoredObject dependent = store.get(key).orElseThrow();
      ObjectNode next = dependent.copy();
      removeOwner(Json.array(Json.metadata(next), "ownerReferences"), owner.uid());
      store.put(key, next);
    }
  }

  private static void removeOwner(ArrayNode owners, String uid) {
    owners.removeIf(reference -> reference.path("uid").asText().equals(uid));
  }

  private static void checkPreconditions(ResourceType type, StoredObject object, Options options) {
    if (options.uid().filter(uid -> !uid.equals(object.uid())).isPresent()) {
      throw ApiException.conflict(
          type, object.key().name(), "Precondition failed: UID in precondition does not match");
    }
    String revision = Long.toString(object.revision());
    if (options.resourceVersion().filter(asked -> !asked.equals(revision)).isPresent()) {
      throw ApiException.conflict(
          type,
          object.key().name(),
          "Precondition failed: resourceVersion in precondition does not match");
    }
  }
}
