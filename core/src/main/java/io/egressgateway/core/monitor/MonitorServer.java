package io.egressgateway.core.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers over plain HTTP how the process is: {@code /metrics}, {@code /healthz}, {@code /readyz}
 * and {@code /loglevel}. Whoever reaches the port may read; only the machine (or pod) itself may
 * change a log level. Two threads of its own serve it, and a client that is slow loses its
 * connection, so that nobody keeps probes waiting.
 */
public final class MonitorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MonitorServer.class);
  private static final int THREADS = 2;
  private static final int BACKLOG = 16;
  private static final String SLOW_CLIENT_SECONDS = "5";
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private record Answer(int code, String type, String body) {
    static Answer plain(int code, String text) {
      return new Answer(code, PLAIN, text);
    }
  }

  @FunctionalInterface
  private interface Route {
    Answer answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private MonitorServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when it cannot listen there; the message says what to do
   * @throws IllegalStateException when a metric has no source: a bug, found before anybody relies
   *     on the metric
   */
  public static MonitorServer start(InetSocketAddress address, Metrics metrics, Health health)
      throws IOException {
    if (!metrics.unread().isEmpty()) {
      throw new IllegalStateException("metrics without a source: " + metrics.unread());
    }
    // Read when the first server of the process is made.
    System.setProperty("sun.net.httpserver.maxReqTime", SLOW_CLIENT_SECONDS);
    System.setProperty("sun.net.httpserver.maxRspTime", SLOW_CLIENT_SECONDS);
    HttpServer server = listening(address);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("monitor-", 0).daemon(true).factory());
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, MonitorServer::unknown));
    get(server, "/metrics", () -> metrics(metrics));
    get(server, "/healthz", () -> state(health.faults().get()));
    get(server, "/readyz", () -> state(health.obstacles().get()));
    server.createContext("/loglevel", exchange -> serve(exchange, MonitorServer::logLevel));
    server.start();
    LOG.info("monitor started port={}", server.getAddress().getPort());
    return new MonitorServer(server, threads);
  }

  private static HttpServer listening(InetSocketAddress address) throws IOException {
    try {
      return HttpServer.create(address, BACKLOG);
    } catch (IOException unusable) {
      throw new IOException(
          "metrics and health cannot be served at "
              + address
              + " ("
              + unusable.getMessage()
              + "): end whatever listens there, or choose another place with --monitor-host and"
              + " --monitor-port",
          unusable);
    }
  }

  private static void get(HttpServer server, String path, Supplier<Answer> answer) {
    server.createContext(
        path,
        exchange ->
            serve(
                exchange,
                asked ->
                    !asked.getRequestURI().getPath().equals(path)
                        ? unknown(asked)
                        : isRead(asked) ? answer.get() : Answer.plain(405, "GET only\n")));
  }

  private static boolean isRead(HttpExchange exchange) {
    return List.of("GET", "HEAD").contains(exchange.getRequestMethod());
  }

  private static void serve(HttpExchange exchange, Route route) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = route.answer(exchange);
      } catch (RuntimeException bug) {
        LOG.error("question not answered path={}", exchange.getRequestURI().getPath(), bug);
        answer = Answer.plain(500, bug + "\n");
      }
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      byte[] body = answer.body().getBytes(UTF_8);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.code(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static Answer unknown(HttpExchange exchange) {
    return Answer.plain(
        404,
        exchange.getRequestURI().getPath()
            + " is not served here; there are /metrics, /healthz, /readyz and /loglevel\n");
  }

  private static Answer metrics(Metrics metrics) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      metrics.write(text);
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return new Answer(200, METRICS, text.toString(UTF_8));
  }

  private static Answer state(List<String> wrong) {
    return wrong.isEmpty()
        ? Answer.plain(200, "ok\n")
        : Answer.plain(503, String.join("\n", wrong) + "\n");
  }

  private static Answer logLevel(HttpExchange exchange) {
    if (isRead(exchange)) {
      return Answer.plain(200, LogLevels.text());
    }
    if (!exchange.getRequestMethod().equals("PUT")) {
      return Answer.plain(405, "GET, or PUT /loglevel?level=debug&logger=io.egressgateway\n");
    }
    if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
      return Answer.plain(403, "levels are changed from the loopback: kubectl port-forward\n");
    }
    Map<String, String> wish = query(exchange);
    String logger = wish.getOrDefault("logger", "io.egressgateway");
    String level = wish.getOrDefault("level", "");
    Optional<String> before = LogLevels.set(logger, level);
    if (before.isEmpty()) {
      return Answer.plain(
          400, "level '" + level + "' is none of " + String.join(", ", LogLevels.NAMES) + "\n");
    }
    LOG.warn("log level changed logger={} from={} to={}", logger, before.get(), level);
    return Answer.plain(200, logger + " " + level + ", was " + before.get() + "\n");
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> values = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    if (query == null) {
      return values;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return values;
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
