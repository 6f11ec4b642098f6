package io.egressgateway.load.api.store;

/** A fact about one object. */
public sealed interface StoreEvent {

  /** The store's revision after it. */
  long revision();

  /** The object that watchers are sent. */
  StoredObject object();

  /** A new object. */
  record Added(StoredObject object) implements StoreEvent {
    @Override
    public long revision() {
      return object.revision();
    }
  }

  /** A changed object. */
  record Modified(StoredObject before, StoredObject object) implements StoreEvent {
    @Override
    public long revision() {
      return object.revision();
    }
  }

  /** An object that is gone; {@code object} is its last state, at the deletion's revision. */
  record Deleted(StoredObject object) implements StoreEvent {
    @Override
    public long revision() {
      return object.revision();
    }
  }
}
