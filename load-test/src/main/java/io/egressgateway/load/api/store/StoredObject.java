package io.egressgateway.load.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One object at one revision. Immutable: the tree belongs to the store, {@link #copy()} is for
 * changing.
 */
public final class StoredObject {
  private final ObjectKey key;
  private final long revision;
  private final ObjectNode json;
  private final byte[] bytes;

  StoredObject(ObjectKey key, long revision, ObjectNode json) {
    this.key = key;
    this.revision = revision;
    this.json = json;
    this.bytes = Json.bytes(json);
  }

  /** Where it is kept. */
  public ObjectKey key() {
    return key;
  }

  /** Its resourceVersion. */
  public long revision() {
    return revision;
  }

  /** The tree; must not be changed. */
  public ObjectNode json() {
    return json;
  }

  /** A tree of the caller's own. */
  public ObjectNode copy() {
    return json.deepCopy();
  }

  /** The tree as JSON text; must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** {@code metadata.uid}. */
  public String uid() {
    return Json.text(json, "metadata", "uid").orElse("");
  }

  /** Whether a deletion waits for finalizers. */
  public boolean isTerminating() {
    return json.path("metadata").hasNonNull("deletionTimestamp");
  }
}
