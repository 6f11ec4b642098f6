package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import io.egressgateway.load.api.store.ObjectKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code kubectl exec}: one process, its streams multiplexed over a WebSocket. The first byte of
 * each binary message names the channel.
 *
 * <pre>
 * 0 stdin | 1 stdout | 2 stderr | 3 final Status as JSON | 4 terminal size | 255 end of a channel
 * </pre>
 *
 * @see <a
 *     href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets">KEP-4006</a>
 */
final class PodExec {
  /** What a client may ask for; the last has no end of stdin. */
  static final List<String> SUBPROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

  private static final Logger LOG = LoggerFactory.getLogger(PodExec.class);
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int STATUS = 3;
  private static final int END = 255;
  private static final int CHUNK_BYTES = 8 * 1024;

  private final ServerWebSocket socket;
  private final Process process;

  private PodExec(ServerWebSocket socket, Process process) {
    this.socket = socket;
    this.process = process;
  }

  /** Whether the request is one for this class. */
  static boolean isAskedFor(ApiRequest request) {
    return ResourcePath.parse(request.path())
        .filter(path -> path.plural().equals(BuiltInTypes.PODS))
        .filter(path -> path.subresource().equals(Optional.of("exec")))
        .isPresent();
  }

  /**
   * What is run on this machine. With a terminal, util-linux's script(1) provides that.
   *
   * @throws ApiException 404 if the pod does not run here, 400 without a command
   */
  static List<String> commandLine(
      ResourceRoute route, HttpServerRequest http, PodCommands commands) {
    List<String> command = http.params().getAll("command");
    if (command.isEmpty()) {
      throw ApiException.badRequest("you must specify at least 1 command for the container");
    }
    ObjectKey pod = route.key();
    List<String> line =
        commands
            .commandLine(pod.namespace(), pod.name(), List.copyOf(command))
            .orElseThrow(() -> ApiException.notRunning(route.type(), pod.name()));
    return "true".equals(http.getParam("tty")) ? withTerminal(line) : line;
  }

  private static List<String> withTerminal(List<String> command) {
    String quoted =
        command.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return List.of("script", "--quiet", "--flush", "--return", "--command", quoted, "/dev/null");
  }

  /** Runs the command; must be called on the socket's event loop, returns at once. */
  static void run(ServerWebSocket socket, List<String> command, Set<String> streams) {
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException failure) {
      send(socket, STATUS, Json.bytes(failure(String.valueOf(failure.getMessage()))));
      socket.close();
      return;
    }
    PodExec exec = new PodExec(socket, process);
    socket.binaryMessageHandler(exec::fromClient);
    socket.closeHandler(
        ended -> {
          process.descendants().forEach(ProcessHandle::destroy);
          process.destroy();
        });
    if (!streams.contains("stdin")) {
      exec.endInput();
    }
    Thread.startVirtualThread(exec::toClient);
  }

  private void fromClient(Buffer message) {
    int channel = message.length() == 0 ? END : message.getByte(0) & 0xff;
    if (channel == STDIN) {
      // The process may be slow to read: no further message until it has.
      socket.pause();
      Thread.startVirtualThread(
          () -> {
            write(message.getBytes(1, message.length()));
            socket.resume();
          });
    } else if (channel == END) {
      endInput();
    }
  }

  private void write(byte[] input) {
    OutputStream stdin = process.getOutputStream();
    try {
      stdin.write(input);
      stdin.flush();
    } catch (IOException processEnded) {
      LOG.debug("input is not read any more", processEnded);
    }
  }

  private void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException processEnded) {
      LOG.debug("input is not read any more", processEnded);
    }
  }

  private void toClient() {
    List<Thread> pumps = new ArrayList<>();
    pumps.add(Thread.startVirtualThread(() -> pump(STDOUT, process.getInputStream())));
    pumps.add(Thread.startVirtualThread(() -> pump(STDERR, process.getErrorStream())));
    try {
      for (Thread pump : pumps) {
        pump.join();
      }
      send(socket, STATUS, Json.bytes(outcome(process.waitFor())));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      socket.close();
    }
  }

  private void pump(int channel, InputStream in) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (in) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        Buffer message = Buffer.buffer(n + 1).appendByte((byte) channel).appendBytes(chunk, 0, n);
        // Waits until it is sent: a slow client slows the process.
        socket.writeBinaryMessage(message).toCompletionStage().toCompletableFuture().join();
      }
    } catch (IOException | CompletionException ended) {
      LOG.debug("output is not wanted any more", ended);
    }
  }

  private static void send(ServerWebSocket socket, int channel, byte[] body) {
    socket
        .writeBinaryMessage(Buffer.buffer().appendByte((byte) channel).appendBytes(body))
        .onFailure(gone -> LOG.debug("status is not wanted any more", gone));
  }

  private static ObjectNode outcome(int exitCode) {
    if (exitCode == 0) {
      ObjectNode status = Json.object().put("status", "Success");
      status.putObject("metadata");
      return status;
    }
    ObjectNode status = failure("command terminated with exit code " + exitCode);
    status.put("reason", "NonZeroExitCode");
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(exitCode));
    return status;
  }

  private static ObjectNode failure(String message) {
    ObjectNode status = Json.object().put("status", "Failure").put("message", message);
    status.putObject("metadata");
    return status;
  }
}
