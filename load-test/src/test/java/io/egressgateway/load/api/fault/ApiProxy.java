package io.egressgateway.load.api.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.store.Json;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.X509KeyManager;

/**
 * Stands before a Kubernetes API, with every right there and plain HTTP on 127.0.0.1, and does to
 * what passes what it is told; untold, it changes nothing. Watches are WebSockets or chunked
 * answers, as the client wants them. Thread-safe.
 */
final class ApiProxy implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final List<String> HEADERS = List.of("Accept", "Content-Type", "User-Agent");
  private static final int URI_BYTES_MAX = 64 * 1024;
  private static final int CONNECTIONS_MAX = 200;
  private static final int OK = 200;
  private static final int BAD_GATEWAY = 502;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setUseDaemonThread(true).setEventLoopPoolSize(2));
  private final URI api;
  private final HttpClient http;
  private final int port;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Set<ProxiedWatch> watches = ConcurrentHashMap.newKeySet();
  private final Map<ApiCall, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final List<Abandoned> abandoned = new CopyOnWriteArrayList<>();
  private volatile Supplier<Tampering> tampering = Tampering::none;

  /** A call whose client did not wait for the answer. */
  record Abandoned(ApiCall call, Duration after) {}

  /** An answer of the API. */
  private record Answer(int code, String type, Buffer body) {}

  private ApiProxy(KubeApi api) throws IOException {
    this.api = api.baseUrl();
    this.http = client(Config.fromKubeconfig(api.kubeconfig().toFile()));
    this.port =
        vertx
            .createHttpServer(new HttpServerOptions().setMaxInitialLineLength(URI_BYTES_MAX))
            .requestHandler(this::handle)
            .listen(0, LOOPBACK)
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  /** Starts one on a free port. */
  static ApiProxy before(KubeApi api) throws IOException {
    return new ApiProxy(api);
  }

  private HttpClient client(Config config) throws IOException {
    try {
      return vertx.createHttpClient(
          new HttpClientOptions()
              .setSsl(true)
              .setMaxPoolSize(CONNECTIONS_MAX)
              .setKeyCertOptions(
                  KeyCertOptions.wrap((X509KeyManager) SSLUtils.keyManagers(config)[0]))
              .setTrustOptions(TrustOptions.wrap(SSLUtils.trustManagers(config)[0])));
    } catch (GeneralSecurityException failure) {
      throw new IOException("cannot use the API's certificates", failure);
    }
  }

  /** Writes a kubeconfig that leads here. */
  Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        Serialization.asYaml(
            new ConfigBuilder()
                .withApiVersion("v1")
                .withKind("Config")
                .addNewCluster()
                .withName("proxied")
                .withNewCluster()
                .withServer("http://%s:%d/".formatted(LOOPBACK, port))
                .endCluster()
                .endCluster()
                .addNewUser()
                .withName("proxied")
                .withNewUser()
                .endUser()
                .endUser()
                .addNewContext()
                .withName("proxied")
                .withNewContext()
                .withCluster("proxied")
                .withUser("proxied")
                .endContext()
                .endContext()
                .withCurrentContext("proxied")
                .build()));
  }

  /** Treats these calls so, this often; of several rules the first counts that is not spent. */
  Rule strike(ApiCall.Which which, Treatment treatment, int times) {
    Rule rule = new Rule(which, treatment, times);
    rules.add(rule);
    return rule;
  }

  /** The same, until the rule is lifted. */
  Rule strike(ApiCall.Which which, Treatment treatment) {
    return strike(which, treatment, Rule.ALWAYS);
  }

  /** Watches that begin from now on are tampered with so. */
  void tamper(Supplier<Tampering> ofEach) {
    tampering = ofEach;
  }

  /** Does this to the watches of these calls that are open. */
  void toWatches(ApiCall.Which which, Consumer<ProxiedWatch> deed) {
    watches.stream().filter(watch -> which.test(watch.call())).forEach(deed);
  }

  /** Whether one of these is open. */
  boolean hasWatch(ApiCall.Which which) {
    return watches.stream().anyMatch(watch -> watch.isOpen() && which.test(watch.call()));
  }

  /** Does nothing more to what passes. */
  void behave() {
    rules.clear();
    tampering = Tampering::none;
    abandoned.clear();
  }

  /** How many of these calls there have been. */
  int count(ApiCall.Which which) {
    return calls.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .mapToInt(entry -> entry.getValue().get())
        .sum();
  }

  /** The calls whose clients did not wait, since it behaved last. */
  List<Abandoned> abandoned() {
    return List.copyOf(abandoned);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest request) {
    ApiCall call =
        ApiCall.of(
            request.method().name(),
            request.path(),
            "true".equals(request.getParam("watch")) || "1".equals(request.getParam("watch")));
    calls.computeIfAbsent(call, first -> new AtomicInteger()).incrementAndGet();
    Optional<Treatment> treatment =
        rules.stream().flatMap(rule -> rule.strike(call).stream()).findFirst();
    noteWhoLeaves(request.response(), call);
    switch (treatment.orElse(null)) {
      case null -> forward(request, call, answer -> respond(request.response(), answer));
      case Treatment.Refused refusal -> refuse(request.response(), refusal);
      case Treatment.Late(Duration delay) ->
          forward(
              request,
              call,
              answer ->
                  vertx.setTimer(delay.toMillis(), timer -> respond(request.response(), answer)));
      case Treatment.Shortened(int items) ->
          forward(request, call, answer -> respond(request.response(), shortened(answer, items)));
    }
  }

  private void noteWhoLeaves(HttpServerResponse response, ApiCall call) {
    long began = System.nanoTime();
    response.closeHandler(
        closed -> {
          if (!response.ended() && call.verb() != ApiCall.Verb.WATCH) {
            abandoned.add(new Abandoned(call, Duration.ofNanos(System.nanoTime() - began)));
          }
        });
  }

  private static void respond(HttpServerResponse response, Answer answer) {
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(answer.code())
          .putHeader("Content-Type", answer.type())
          .end(answer.body());
    }
  }

  private static void refuse(HttpServerResponse response, Treatment.Refused refusal) {
    if (refusal.retryAfterSeconds() > 0) {
      response.putHeader("Retry-After", "" + refusal.retryAfterSeconds());
    }
    ObjectNode status =
        Json.object()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("message", "refused by a test")
            .put("reason", refusal.reason())
            .put("code", refusal.code());
    respond(
        response,
        new Answer(refusal.code(), "application/json", Buffer.buffer(Json.bytes(status))));
  }

  private static Answer shortened(Answer answer, int items) {
    try {
      if (answer.code() != OK
          || !(Json.parse(answer.body().getBytes()) instanceof ObjectNode list)) {
        return answer;
      }
      ArrayNode all = Json.array(list, "items");
      while (all.size() > items) {
        all.remove(all.size() - 1);
      }
      Json.metadata(list).remove(List.of("continue", "remainingItemCount"));
      return new Answer(answer.code(), answer.type(), Buffer.buffer(Json.bytes(list)));
    } catch (IOException broken) {
      throw new UncheckedIOException("the API's list", broken);
    }
  }

  /** What is done with an answer; watches are handed on as they come. */
  private interface Then extends Consumer<Answer> {}

  private void forward(HttpServerRequest request, ApiCall call, Then then) {
    Future<HttpClientResponse> asked;
    if (call.verb() == ApiCall.Verb.WATCH) {
      request.pause();
      asked = ask(request, Buffer.buffer());
    } else {
      asked = request.body().compose(body -> ask(request, body));
    }
    asked
        .compose(
            api -> {
              if (call.verb() == ApiCall.Verb.WATCH && api.statusCode() == OK) {
                return watch(request, call, api);
              }
              return api.body()
                  .onSuccess(
                      body ->
                          then.accept(
                              new Answer(
                                  api.statusCode(),
                                  String.valueOf(api.getHeader("Content-Type")),
                                  body)))
                  .mapEmpty();
            })
        .onFailure(
            broken ->
                respond(
                    request.response(),
                    new Answer(BAD_GATEWAY, "text/plain", Buffer.buffer(broken.toString()))));
  }

  private Future<HttpClientResponse> ask(HttpServerRequest request, Buffer body) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String name : HEADERS) {
      headers.add(name, request.headers().getAll(name));
    }
    return http.request(
            new RequestOptions()
                .setMethod(request.method())
                .setHost(api.getHost())
                .setPort(api.getPort())
                .setURI(request.uri())
                .setHeaders(headers))
        .compose(out -> out.send(body));
  }

  private Future<Void> watch(HttpServerRequest request, ApiCall call, HttpClientResponse api) {
    api.pause();
    if ("websocket".equalsIgnoreCase(String.valueOf(request.getHeader("Upgrade")))) {
      return request
          .toWebSocket()
          .onSuccess(
              socket -> {
                ProxiedWatch watch = start(call, ProxiedWatch.Client.of(socket));
                socket.closeHandler(left -> forget(watch, api));
                watch.copy(api);
              })
          .mapEmpty();
    }
    request.resume();
    HttpServerResponse response = request.response();
    response.setChunked(true).putHeader("Content-Type", "application/json");
    // The client waits for the head of the answer, also when there is no event yet.
    response.write(Buffer.buffer());
    ProxiedWatch watch = start(call, ProxiedWatch.Client.of(response));
    response.endHandler(left -> forget(watch, api));
    response.closeHandler(left -> forget(watch, api));
    watch.copy(api);
    return Future.succeededFuture();
  }

  private ProxiedWatch start(ApiCall call, ProxiedWatch.Client client) {
    ProxiedWatch watch = new ProxiedWatch(call, client, tampering.get());
    watches.add(watch);
    return watch;
  }

  private void forget(ProxiedWatch watch, HttpClientResponse api) {
    watches.remove(watch);
    api.request().reset();
  }
}
