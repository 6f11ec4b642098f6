package io.egressgateway.load.nettools;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * HTTP: {@code /} answers with the client's address as the guide shows it, {@code /addr} with
 * address and port. The port is in the header {@code X-Remote-Port} of both.
 */
final class WebEcho implements EchoServer.Listener {
  private static final int BACKLOG = 1_024;

  private final HttpServer server;
  private final ExecutorService executor;

  private WebEcho(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  static WebEcho listen(InetSocketAddress address, ServerLog log) throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(executor);
    server.createContext("/", exchange -> answer(exchange, log));
    server.start();
    return new WebEcho(server, executor);
  }

  private static void answer(HttpExchange exchange, ServerLog log) throws IOException {
    try (exchange) {
      InetSocketAddress remote = exchange.getRemoteAddress();
      log.request(Protocol.WEB, remote);
      exchange.getResponseHeaders().set("X-Remote-Port", Integer.toString(remote.getPort()));
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      switch (exchange.getRequestURI().getPath()) {
        case "/" -> send(exchange, 200, Answer.withoutPort(remote.getAddress()));
        case "/addr" -> send(exchange, 200, AddressText.of(remote) + "\n");
        default -> send(exchange, 404, "there is / and /addr\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
