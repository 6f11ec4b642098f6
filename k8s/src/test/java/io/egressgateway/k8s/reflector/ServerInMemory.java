package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.kubernetes.client.WatcherException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** An API server that forgets, repeats and lies as it is told. Thread-safe. */
final class ServerInMemory implements ApiObjects<ConfigMap> {
  private static final int PAGE = 2;

  private record Event(long version, Action action, ConfigMap object) {}

  private final TreeMap<String, ConfigMap> objects = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Watcher<ConfigMap>> watchers = new ArrayList<>();
  private long version = 100;
  private final Deque<Integer> lies = new ArrayDeque<>();
  private int opened;
  private int lists;
  private boolean isDown;

  static ConfigMap object(String name, String uid, long version) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .withUid(uid)
        .withResourceVersion(Long.toString(version))
        .addNewManagedField()
        .withManager("kubectl")
        .endManagedField()
        .endMetadata()
        .build();
  }

  synchronized void put(String name, String uid) {
    ConfigMap object = object(name, uid, ++version);
    Action action = objects.put(name, object) == null ? Action.ADDED : Action.MODIFIED;
    happened(action, object);
  }

  synchronized void delete(String name) {
    ConfigMap former = Objects.requireNonNull(objects.remove(name));
    happened(Action.DELETED, object(name, former.getMetadata().getUid(), ++version));
  }

  private void happened(Action action, ConfigMap object) {
    Event event = new Event(version, action, object);
    events.add(event);
    watchers.forEach(watcher -> watcher.eventReceived(action, object));
  }

  /** Says something again that has long been said. */
  synchronized void say(Action action, ConfigMap object) {
    watchers.forEach(watcher -> watcher.eventReceived(action, object));
  }

  /** Keeps the watches that there are, and tells them nothing any more. */
  synchronized void stall() {
    watchers.clear();
  }

  /** Its next lists have but so many objects each. */
  synchronized void lie(Integer... lengths) {
    lies.addAll(List.of(lengths));
  }

  synchronized void down() {
    isDown = true;
    breakWatches();
  }

  synchronized void up() {
    isDown = false;
  }

  synchronized void breakWatches() {
    end(new WatcherException("the connection broke"));
  }

  /** It does not know any more what happened, and asks for another list. */
  synchronized void forget() {
    events.clear();
    end(
        new WatcherException(
            "too old",
            new KubernetesClientException("too old", HttpURLConnection.HTTP_GONE, null)));
  }

  private void end(WatcherException cause) {
    List<Watcher<ConfigMap>> all = List.copyOf(watchers);
    watchers.clear();
    all.forEach(watcher -> watcher.onClose(cause));
  }

  synchronized int opened() {
    return opened;
  }

  synchronized int lists() {
    return lists;
  }

  private void requireUp() {
    if (isDown) {
      throw new KubernetesClientException("nobody answers");
    }
  }

  @Override
  public synchronized Page<ConfigMap> list(Optional<String> continuation) {
    requireUp();
    if (continuation.isEmpty()) {
      lists++;
      if (!lies.isEmpty()) {
        List<ConfigMap> some = objects.values().stream().limit(lies.remove()).toList();
        return new Page<>(some, Long.toString(version), Optional.empty());
      }
    }
    List<ConfigMap> page =
        objects.tailMap(continuation.orElse(""), false).values().stream().limit(PAGE).toList();
    Optional<String> more =
        page.size() < PAGE ? Optional.empty() : Optional.of(page.getLast().getMetadata().getName());
    return new Page<>(page, Long.toString(version), more);
  }

  @Override
  public synchronized Watch watch(String since, Duration life, Watcher<ConfigMap> watcher) {
    requireUp();
    opened++;
    events.stream()
        .filter(event -> event.version() > Long.parseLong(since))
        .forEach(event -> watcher.eventReceived(event.action(), event.object()));
    watchers.add(watcher);
    return () -> {
      synchronized (this) {
        watchers.remove(watcher);
      }
    };
  }
}
