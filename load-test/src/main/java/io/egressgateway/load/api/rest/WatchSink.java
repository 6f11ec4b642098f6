package io.egressgateway.load.api.rest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Sends the frames of one watch in order, from whatever thread they come. */
final class WatchSink implements WatchStream.Sink {
  /** A client that lags by more is cut off; it lists and watches again. */
  static final long BACKLOG_BYTES_MAX = 128L * 1024 * 1024;

  /** The two ways to stream. Called on the connection's event loop only. */
  interface Output {
    Future<Void> write(byte[] frame);

    void end();

    static Output of(HttpServerResponse response) {
      return new Output() {
        @Override
        public Future<Void> write(byte[] frame) {
          return response.write(Buffer.buffer(frame));
        }

        @Override
        public void end() {
          if (!response.ended() && !response.closed()) {
            response.end();
          }
        }
      };
    }

    static Output of(ServerWebSocket socket) {
      return new Output() {
        @Override
        public Future<Void> write(byte[] frame) {
          return socket.writeTextMessage(new String(frame, StandardCharsets.UTF_8));
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

  private final Context context;
  private final Output output;
  private final AtomicLong backlog = new AtomicLong();

  WatchSink(Context context, Output output) {
    this.context = context;
    this.output = output;
  }

  @Override
  public void send(byte[] frame) {
    if (backlog.addAndGet(frame.length) > BACKLOG_BYTES_MAX) {
      end();
      return;
    }
    context.runOnContext(
        turn -> output.write(frame).onComplete(done -> backlog.addAndGet(-frame.length)));
  }

  @Override
  public void end() {
    context.runOnContext(turn -> output.end());
  }
}
