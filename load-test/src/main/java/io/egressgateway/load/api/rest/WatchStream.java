package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ObjectStore;
import io.egressgateway.load.api.store.Selection;
import io.egressgateway.load.api.store.StoreEvent;
import io.egressgateway.load.api.store.StoredObject;
import io.egressgateway.load.api.table.TableRenderer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One watch: turns the store's events into the client's. An object that comes to match the
 * selectors is ADDED for this client, one that ceases to is DELETED.
 */
final class WatchStream implements Consumer<StoreEvent> {

  /** Where the frames go. {@link #send} is called with the store locked: it must not block. */
  interface Sink {
    void send(byte[] frame);

    /** No frame follows. */
    void end();
  }

  private enum Kind {
    ADDED,
    MODIFIED,
    DELETED,
    ERROR
  }

  private final Selection selection;
  private final Optional<TableRenderer> table;
  private final Clock clock;
  private final Sink sink;

  private WatchStream(ResourceRoute route, ApiRequest request, Clock clock, Sink sink) {
    this.selection = route.selection(request);
    this.table =
        switch (Representation.parse(request.headers().accept())) {
          case OBJECT -> Optional.empty();
          case TABLE -> Optional.of(ResourceReader.renderer(route.type(), request));
        };
    this.clock = clock;
    this.sink = sink;
  }

  /** Checks the request without starting anything. */
  static void check(ResourceRoute route, ApiRequest request) {
    route.selection(request);
    Representation.parse(request.headers().accept());
    revision(request);
  }

  /**
   * Starts the watch. A revision that is no longer kept ends it with the ERROR event that makes
   * clients list again.
   */
  static ObjectStore.Subscription start(
      ResourceRoute route, ApiRequest request, ObjectStore store, Destination destination) {
    WatchStream stream = new WatchStream(route, request, destination.clock(), destination.sink());
    String resource = route.type().qualifiedName();
    long since = revision(request);
    if (since == 0) {
      return store.watchFromNow(resource, stream);
    }
    try {
      return store.watch(resource, since, stream);
    } catch (ObjectStore.RevisionGoneException gone) {
      ApiException expired = ApiException.expired(String.valueOf(gone.getMessage()));
      destination.sink().send(frame(Kind.ERROR, Json.bytes(expired.status())));
      destination.sink().end();
      return () -> {};
    }
  }

  /** Where a stream goes, and the clock that its tables show ages by. */
  record Destination(Sink sink, Clock clock) {}

  @Override
  public void accept(StoreEvent event) {
    StoredObject object = event.object();
    boolean matches = selection.matches(object);
    switch (event) {
      case StoreEvent.Added ignored -> {
        if (matches) {
          send(Kind.ADDED, object);
        }
      }
      case StoreEvent.Deleted ignored -> {
        if (matches) {
          send(Kind.DELETED, object);
        }
      }
      case StoreEvent.Modified(StoredObject before, StoredObject ignored) -> {
        boolean matched = selection.matches(before);
        if (matches) {
          send(matched ? Kind.MODIFIED : Kind.ADDED, object);
        } else if (matched) {
          send(Kind.DELETED, object);
        }
      }
    }
  }

  private void send(Kind kind, StoredObject object) {
    byte[] body = table.map(renderer -> Json.bytes(row(renderer, object))).orElseGet(object::bytes);
    sink.send(frame(kind, body));
  }

  private ObjectNode row(TableRenderer renderer, StoredObject object) {
    return renderer.render(List.of(object.json()), object.revision(), clock.instant());
  }

  private static byte[] frame(Kind kind, byte[] object) {
    byte[] head = "{\"type\":\"%s\",\"object\":".formatted(kind).getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[head.length + object.length + 2];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(object, 0, frame, head.length, object.length);
    frame[frame.length - 2] = '}';
    frame[frame.length - 1] = '\n';
    return frame;
  }

  private static long revision(ApiRequest request) {
    String text = request.parameter("resourceVersion");
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw ApiException.badRequest("invalid resource version \"" + text + "\"");
    }
  }
}
