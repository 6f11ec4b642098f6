package io.egressgateway.load.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * All objects in memory under one lock, one revision counter over all resources, and the recent
 * events of each resource for watches that resume. Every method may be called from any thread.
 */
public final class ObjectStore {
  /** Per resource. A watch that resumes from before the oldest kept event must list again. */
  public static final int EVENTS_KEPT_MAX = 5_000;

  private static final class Collection {
    final NavigableMap<ObjectKey, StoredObject> objects = new TreeMap<>();
    final Deque<StoreEvent> events = new ArrayDeque<>();
    final Set<Consumer<StoreEvent>> watchers = new LinkedHashSet<>();
    long forgottenThrough;
  }

  /**
   * A consistent list.
   *
   * @param revision the store's revision at that moment
   * @param objects ordered by namespace and name
   */
  public record Listing(long revision, List<StoredObject> objects) {
    /** Copies the list. */
    public Listing {
      objects = List.copyOf(objects);
    }
  }

  /** Ends a watch. */
  @FunctionalInterface
  public interface Subscription {
    /** No event is delivered after this returns. */
    void cancel();
  }

  /** The events after the revision asked for are no longer kept. */
  public static final class RevisionGoneException extends Exception {
    RevisionGoneException(long asked, long oldest) {
      super("too old resource version: " + asked + " (" + oldest + ")");
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Collection> collections = new TreeMap<>();
  private final Map<String, NavigableSet<ObjectKey>> dependents = new HashMap<>();
  private long revision = 1;

  /** Runs the action with nobody else reading or writing. It must not block. */
  public <T> T exclusively(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** The object, if it exists. */
  public Optional<StoredObject> get(ObjectKey key) {
    return exclusively(() -> Optional.ofNullable(collection(key.resource()).objects.get(key)));
  }

  /** Every selected object of the resource. */
  public Listing list(String resource, Selection selection) {
    Listing all =
        exclusively(() -> new Listing(revision, inScope(collection(resource), selection)));
    return new Listing(all.revision(), all.objects().stream().filter(selection::matches).toList());
  }

  /** Objects of every resource, for example all that live in a namespace. */
  public List<StoredObject> listAll(Predicate<StoredObject> wanted) {
    return exclusively(
        () ->
            collections.values().stream()
                .flatMap(collection -> collection.objects.values().stream())
                .filter(wanted)
                .toList());
  }

  /** Puts the object in place of what was there and stamps its resourceVersion into it. */
  public StoredObject put(ObjectKey key, ObjectNode json) {
    return exclusively(
        () -> {
          Collection collection = collection(key.resource());
          StoredObject stored = stamp(key, json);
          StoredObject before = collection.objects.put(key, stored);
          if (before != null) {
            owners(before).forEach(owner -> forgetDependent(owner, key));
          }
          owners(stored)
              .forEach(owner -> dependents.computeIfAbsent(owner, any -> new TreeSet<>()).add(key));
          publish(
              collection,
              before == null
                  ? new StoreEvent.Added(stored)
                  : new StoreEvent.Modified(before, stored));
          return stored;
        });
  }

  /** Removes the object; returns its last state, at the deletion's revision. */
  public Optional<StoredObject> remove(ObjectKey key) {
    return exclusively(
        () -> {
          Collection collection = collection(key.resource());
          StoredObject before = collection.objects.remove(key);
          if (before == null) {
            return Optional.empty();
          }
          owners(before).forEach(owner -> forgetDependent(owner, key));
          StoredObject last = stamp(key, before.copy());
          publish(collection, new StoreEvent.Deleted(last));
          return Optional.of(last);
        });
  }

  /**
   * Delivers every event of the resource after {@code since}, the kept ones before this returns.
   * The watcher is called with the store locked: it must neither block nor call the store.
   *
   * @throws RevisionGoneException if events after {@code since} are no longer kept
   */
  public Subscription watch(String resource, long since, Consumer<StoreEvent> watcher)
      throws RevisionGoneException {
    lock.lock();
    try {
      Collection collection = collection(resource);
      if (since < collection.forgottenThrough) {
        throw new RevisionGoneException(since, collection.forgottenThrough);
      }
      for (StoreEvent event : collection.events) {
        if (event.revision() > since) {
          watcher.accept(event);
        }
      }
      return subscribe(collection, watcher);
    } finally {
      lock.unlock();
    }
  }

  /** Delivers every object there is as {@link StoreEvent.Added}, then every event. */
  public Subscription watchFromNow(String resource, Consumer<StoreEvent> watcher) {
    return exclusively(
        () -> {
          Collection collection = collection(resource);
          for (StoredObject object : collection.objects.values()) {
            watcher.accept(new StoreEvent.Added(object));
          }
          return subscribe(collection, watcher);
        });
  }

  /** The newest revision. */
  public long revision() {
    return exclusively(() -> revision);
  }

  /** The objects whose ownerReferences name this uid, in the order of their keys. */
  public List<ObjectKey> dependentsOf(String uid) {
    return exclusively(() -> List.copyOf(dependents.getOrDefault(uid, new TreeSet<>())));
  }

  private static List<String> owners(StoredObject object) {
    return object
        .json()
        .path("metadata")
        .path("ownerReferences")
        .valueStream()
        .map(owner -> owner.path("uid").asText())
        .distinct()
        .toList();
  }

  private void forgetDependent(String owner, ObjectKey key) {
    NavigableSet<ObjectKey> keys = dependents.get(owner);
    if (keys != null && keys.remove(key) && keys.isEmpty()) {
      dependents.remove(owner);
    }
  }

  private Subscription subscribe(Collection collection, Consumer<StoreEvent> watcher) {
    collection.watchers.add(watcher);
    return () -> exclusively(() -> collection.watchers.remove(watcher));
  }

  private StoredObject stamp(ObjectKey key, ObjectNode json) {
    revision++;
    Json.metadata(json).put("resourceVersion", Long.toString(revision));
    return new StoredObject(key, revision, json);
  }

  private static void publish(Collection collection, StoreEvent event) {
    collection.events.addLast(event);
    if (collection.events.size() > EVENTS_KEPT_MAX) {
      collection.forgottenThrough = collection.events.removeFirst().revision();
    }
    // A watcher may end itself while it is called.
    for (Consumer<StoreEvent> watcher : new ArrayList<>(collection.watchers)) {
      watcher.accept(event);
    }
  }

  private static List<StoredObject> inScope(Collection collection, Selection selection) {
    if (selection.namespace().isEmpty() || collection.objects.isEmpty()) {
      return List.copyOf(collection.objects.values());
    }
    String resource = collection.objects.firstKey().resource();
    String namespace = selection.namespace().get();
    ObjectKey from = new ObjectKey(resource, namespace, "");
    // No name sorts between the namespace and its successor in code units.
    ObjectKey to = new ObjectKey(resource, namespace + '\0', "");
    return List.copyOf(collection.objects.subMap(from, to).values());
  }

  private Collection collection(String resource) {
    return collections.computeIfAbsent(resource, any -> new Collection());
  }
}
