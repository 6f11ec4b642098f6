package io.egressgateway.load.api.fault;

import io.egressgateway.load.api.store.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A watch on its way from the API to the client. Thread-safe. */
final class ProxiedWatch {

  /** Where events go. */
  interface Client {
    void send(byte[] event);

    void end();

    static Client of(HttpServerResponse response) {
      return new Client() {
        @Override
        public void send(byte[] event) {
          response.write(Buffer.buffer(event).appendByte((byte) '\n'));
        }

        @Override
        public void end() {
          if (!response.ended() && !response.closed()) {
            response.end();
          }
        }
      };
    }

    static Client of(ServerWebSocket socket) {
      return new Client() {
        @Override
        public void send(byte[] event) {
          socket.writeTextMessage(new String(event, StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
          if (!socket.isClosed()) {
            socket.close();
          }
        }
      };
    }
  }

  private final ApiCall call;
  private final Client client;
  private final Tampering tampering;
  private boolean ended;

  ProxiedWatch(ApiCall call, Client client, Tampering tampering) {
    this.call = call;
    this.client = client;
    this.tampering = tampering;
  }

  ApiCall call() {
    return call;
  }

  /** Whether something may still come. */
  synchronized boolean isOpen() {
    return !ended;
  }

  /** Hands on what the API says until either side ends. */
  void copy(HttpClientResponse api) {
    api.handler(RecordParser.newDelimited("\n", this::pass));
    api.endHandler(done -> end());
    api.exceptionHandler(broken -> end());
    api.resume();
  }

  private synchronized void pass(Buffer line) {
    if (ended || line.length() == 0) {
      return;
    }
    try {
      tampering.pass(Json.parse(line.getBytes())).forEach(event -> client.send(Json.bytes(event)));
    } catch (IOException broken) {
      throw new UncheckedIOException("the API's watch of " + call.resource(), broken);
    }
  }

  /** The stream is closed without a word. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      client.end();
    }
  }

  /** The client is told that it has to list again. */
  synchronized void expire() {
    if (!ended) {
      client.send(Json.bytes(Tampering.expired()));
      end();
    }
  }

  /** Nothing comes any more, not even an end. */
  synchronized void stall() {
    ended = true;
  }
}
