package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Follows the objects of one kind: lists them, and watches from there on. A watch that says nothing
 * may have been forgotten by the server or by a network between, so none is believed for long; a
 * list that lacks much may be a server's mistake, so it takes two of them. After a failure
 * everything is listed anew, for ever. All that blocks is done on a thread of its own. Thread-safe.
 */
public final class Reflector<T extends HasMetadata> implements AutoCloseable {

  /** What ends the wait for the next watch. */
  private sealed interface Occasion {}

  /** Somebody has asked for another list. */
  private record AskedAgain() implements Occasion {}

  private record Ended(Object session, WatcherException cause) implements Occasion {}

  private final ApiObjects<T> objects;
  private final Relay<T> relay;
  private final ReflectorTiming timing;
  private final BlockingQueue<Occasion> occasions = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean isClosed;

  /** Of the thread alone: after the next failure, and before the next watch. */
  private Duration retry;

  private Duration patience;

  Reflector(ApiObjects<T> objects, ReflectorListener<T> listener, ReflectorTiming timing) {
    this.objects = objects;
    this.relay = new Relay<>(listener);
    this.timing = timing;
    this.retry = timing.retryMin();
    this.patience = timing.watchLife();
    this.thread = Thread.ofVirtual().unstarted(this::run);
  }

  /** Follows these objects once it is started. */
  public static <T extends HasMetadata, L extends KubernetesResourceList<T>> Reflector<T> of(
      FilterWatchListDeletable<T, L, ?> objects,
      ReflectorListener<T> listener,
      ReflectorTiming timing) {
    return new Reflector<>(new ClientObjects<>(objects), listener, timing);
  }

  /** As {@link #of}, of a kind whose objects may be unreadable. */
  public static <T extends HasMetadata> Reflector<?> of(
      CustomObjects<T> objects, ReflectorListener<T> listener, ReflectorTiming timing) {
    return of(objects.asStored(), new CustomObjects.Reading<>(objects, listener), timing);
  }

  /** Begins; to be called once. */
  public void start() {
    thread.start();
  }

  /** Lists once more after a while, as a second look: what somebody knows of is not there. */
  public void lookAgain() {
    occasions.add(new AskedAgain());
  }

  /** Nothing is told once this has returned. */
  @Override
  public void close() {
    isClosed = true;
    relay.close();
    thread.interrupt();
  }

  private void run() {
    try {
      while (!isClosed) {
        try {
          list();
          follow();
        } catch (WatcherException failure) {
          if (!failure.isHttpGone()) {
            relay.onFailure(failure);
          }
          rest();
        } catch (RuntimeException failure) {
          // The API's refusal, or an answer that cannot be read.
          relay.onFailure(failure);
          rest();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void rest() throws InterruptedException {
    Thread.sleep(retry);
    retry = timing.afterRetry(retry);
  }

  // --- listing ----------------------------------------------------------------------------------

  private void list() throws InterruptedException {
    Set<ObjectId> doubted = listOnce(Set.of());
    while (!doubted.isEmpty()) {
      Thread.sleep(timing.secondLook());
      doubted = listOnce(doubted);
    }
  }

  private Set<ObjectId> listOnce(Set<ObjectId> doubted) {
    occasions.clear();
    Set<String> keys = new HashSet<>();
    Optional<String> continuation = Optional.empty();
    String version;
    do {
      ApiObjects.Page<T> page = objects.list(continuation);
      relay.onPage(page.objects());
      page.objects().forEach(object -> keys.add(ObjectId.of(object.getMetadata()).key()));
      version = page.version();
      continuation = page.continuation();
    } while (continuation.isPresent());
    return relay.onListed(keys, version, doubted);
  }

  // --- watching ---------------------------------------------------------------------------------

  /** Returns when everything is to be listed again. */
  private void follow() throws InterruptedException, WatcherException {
    patience = timing.watchLife();
    Following present = open();
    try {
      while (!isClosed && outlives(present)) {
        present = successor(present);
      }
      Thread.sleep(timing.secondLook());
    } finally {
      present.close();
    }
  }

  /** Waits; whether another watch is to follow, rather than a list. */
  private boolean outlives(Following present) throws InterruptedException, WatcherException {
    while (true) {
      switch (occasions.poll(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        case null -> {
          return true;
        }
        case AskedAgain ignored -> {
          return false;
        }
        case Ended(var session, var cause) -> {
          if (session == present.session()) {
            throw cause;
          }
        }
      }
    }
  }

  /** The next watch overlaps the present one, which goes on as long as there is none. */
  private Following successor(Following present) {
    try {
      Following next = open();
      relay.onNextWatch();
      present.close();
      retry = timing.retryMin();
      patience = timing.watchLife();
      return next;
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == HttpURLConnection.HTTP_GONE) {
        throw failure;
      }
      relay.onFailure(failure);
      patience = retry;
      retry = timing.afterRetry(retry);
      return present;
    }
  }

  private Following open() {
    Session session = new Session();
    Duration unlessForgotten = timing.watchLife().multipliedBy(2);
    return new Following(session, objects.watch(relay.version(), unlessForgotten, session));
  }

  private record Following(Reflector<?>.Session session, Watch watch) implements AutoCloseable {
    @Override
    public void close() {
      session.isOver = true;
      watch.close();
    }
  }

  private final class Session implements Watcher<T> {
    private volatile boolean isOver;

    @Override
    public void eventReceived(Action action, T object) {
      if (!isOver) {
        try {
          relay.onEvent(action, object);
        } catch (RuntimeException e) {
          // The client would log it and go on with the next event.
          onClose(new WatcherException("an event cannot be taken up: " + e, e));
        }
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      occasions.add(new Ended(this, cause));
    }
  }
}
