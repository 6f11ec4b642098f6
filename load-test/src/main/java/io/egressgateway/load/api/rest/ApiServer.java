package io.egressgateway.load.api.rest;

import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ObjectStore;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server on 127.0.0.1: plain HTTP/1.1, no authentication. Watches are chunked answers or,
 * where the client asks to upgrade, WebSockets with one event per text message.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final String LOOPBACK = "127.0.0.1";

  /** As etcd's default limit has it for real servers. */
  private static final int BODY_BYTES_MAX = 3 * 1024 * 1024;

  private static final int HEADER_BYTES_MAX = 64 * 1024;
  private static final int URI_BYTES_MAX = 64 * 1024;
  private static final int EVENT_LOOPS = 2;
  private static final int WORKERS = 8;
  private static final long START_SECONDS_MAX = 30;

  private final Vertx vertx;
  private final ObjectStore store = new ObjectStore();
  private final TypeRegistry types = new TypeRegistry();
  private final Clock clock;
  private final ApiRouter router;
  private final int port;
  private volatile PodCommands pods = (namespace, pod, command) -> Optional.empty();

  private ApiServer(Clock clock) throws IOException {
    this.clock = clock;
    this.router = new ApiRouter(store, types, clock);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setUseDaemonThread(true)
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(WORKERS)
                // Nothing is served from files: no cache folder is left behind.
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxHeaderSize(HEADER_BYTES_MAX)
                    .setMaxInitialLineLength(URI_BYTES_MAX)
                    .setWebSocketSubProtocols(PodExec.SUBPROTOCOLS)
                    .setCompressionSupported(false))
            .requestHandler(this::handle);
    try {
      this.port =
          server
              .listen(0, LOOPBACK)
              .toCompletionStage()
              .toCompletableFuture()
              .get(START_SECONDS_MAX, TimeUnit.SECONDS)
              .actualPort();
    } catch (ExecutionException | TimeoutException failure) {
      vertx.close();
      throw new IOException("the embedded API cannot listen on " + LOOPBACK, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      vertx.close();
      throw new IOException("interrupted while the embedded API started", interrupted);
    }
  }

  /**
   * Starts a server with the namespaces of a fresh cluster.
   *
   * @throws IOException if it cannot listen on loopback
   */
  public static ApiServer start(Clock clock) throws IOException {
    ApiServer server = new ApiServer(clock);
    for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      var body = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      Json.metadata(body).put("name", name);
      server.router.answer(
          new ApiRequest(
              "POST",
              "/api/v1/namespaces",
              Map.of(),
              new ApiRequest.Headers("", ""),
              Buffer.buffer(Json.bytes(body))));
    }
    return server;
  }

  /** The TCP port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Lets {@code kubectl exec} run programs in these pods. */
  public void serveExec(PodCommands commands) {
    this.pods = commands;
  }

  /** Ends every watch and connection. */
  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest http) {
    ApiRequest head = request(http, Buffer.buffer());
    if (head.isWatch()) {
      watch(http, head);
      return;
    }
    if (isWebSocket(http) && PodExec.isAskedFor(head)) {
      exec(http, head);
      return;
    }
    String length = http.getHeader("Content-Length");
    if (length != null && Long.parseLong(length) > BODY_BYTES_MAX) {
      ApiException refusal = ApiException.tooLarge(BODY_BYTES_MAX);
      http.response().putHeader("Connection", "close");
      respond(http.response(), ApiResponse.refusal(refusal));
      return;
    }
    http.body()
        .onSuccess(
            body ->
                vertx
                    .executeBlocking(() -> answer(request(http, body)), false)
                    .onSuccess(answer -> respond(http.response(), answer)))
        .onFailure(broken -> LOG.debug("request not read: {} {}", http.method(), http.uri()));
  }

  private ApiResponse answer(ApiRequest request) {
    try {
      return router.answer(request);
    } catch (RuntimeException fault) {
      LOG.error("fault in {} {}", request.method(), request.path(), fault);
      return ApiResponse.refusal(ApiException.internal(fault));
    }
  }

  private static void respond(HttpServerResponse response, ApiResponse answer) {
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(answer.code())
          .putHeader("Content-Type", answer.contentType())
          .end(answer.body());
    }
  }

  private void watch(HttpServerRequest http, ApiRequest request) {
    ResourceRoute route;
    try {
      route = ResourceRoute.resolve(types, request.path());
      WatchStream.check(route, request);
    } catch (ApiException refusal) {
      respond(http.response(), ApiResponse.refusal(refusal));
      return;
    }
    if (isWebSocket(http)) {
      http.toWebSocket()
          .onSuccess(socket -> watch(socket, route, request))
          .onFailure(broken -> LOG.debug("no WebSocket: {}", http.uri(), broken));
    } else {
      watch(http.response(), route, request);
    }
  }

  private void watch(ServerWebSocket socket, ResourceRoute route, ApiRequest request) {
    WatchSink sink = new WatchSink(vertx.getOrCreateContext(), WatchSink.Output.of(socket));
    ObjectStore.Subscription subscription =
        WatchStream.start(route, request, store, new WatchStream.Destination(sink, clock));
    socket.closeHandler(ended -> subscription.cancel());
    endAfterTimeout(request, sink);
  }

  private void watch(HttpServerResponse response, ResourceRoute route, ApiRequest request) {
    Context context = vertx.getOrCreateContext();
    response.setChunked(true).putHeader("Content-Type", "application/json");
    // The client waits for the head of the answer, also when there is no event yet.
    response.write(Buffer.buffer());
    WatchSink sink = new WatchSink(context, WatchSink.Output.of(response));
    ObjectStore.Subscription subscription =
        WatchStream.start(route, request, store, new WatchStream.Destination(sink, clock));
    response.closeHandler(ended -> subscription.cancel());
    endAfterTimeout(request, sink);
  }

  private static boolean isWebSocket(HttpServerRequest http) {
    return "websocket".equalsIgnoreCase(String.valueOf(http.getHeader("Upgrade")));
  }

  private void exec(HttpServerRequest http, ApiRequest request) {
    List<String> command;
    try {
      command = PodExec.commandLine(ResourceRoute.resolve(types, request.path()), http, pods);
    } catch (ApiException refusal) {
      respond(http.response(), ApiResponse.refusal(refusal));
      return;
    }
    Set<String> streams = new TreeSet<>(List.of("stdin", "stdout", "stderr"));
    streams.removeIf(stream -> !request.parameter(stream).equals("true"));
    http.toWebSocket()
        .onSuccess(socket -> PodExec.run(socket, command, streams))
        .onFailure(broken -> LOG.debug("no WebSocket: {}", http.uri(), broken));
  }

  private void endAfterTimeout(ApiRequest request, WatchSink sink) {
    String seconds = request.parameter("timeoutSeconds");
    if (seconds.matches("[1-9]\\d{0,6}")) {
      vertx.setTimer(TimeUnit.SECONDS.toMillis(Long.parseLong(seconds)), timer -> sink.end());
    }
  }

  private static ApiRequest request(HttpServerRequest http, Buffer body) {
    Map<String, String> query = new TreeMap<>();
    // The first value of a parameter counts.
    http.params().forEach(parameter -> query.putIfAbsent(parameter.getKey(), parameter.getValue()));
    return new ApiRequest(
        http.method().name().toUpperCase(Locale.ROOT),
        http.path().replaceAll("(?<=.)/+$", ""),
        query,
        new ApiRequest.Headers(headerOr(http, "Accept"), headerOr(http, "Content-Type")),
        body);
  }

  private static String headerOr(HttpServerRequest http, String name) {
    String value = http.getHeader(name);
    return value == null ? "" : value;
  }
}
