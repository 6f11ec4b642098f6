package io.egressgateway.load.nettools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Asks a server which address it sees, over each protocol, and judges the answers. */
final class EchoClient {
  private static final byte[] QUESTION = "who am i\n".getBytes(StandardCharsets.US_ASCII);
  private static final int ANSWER_BYTES_MAX = 512;

  private final ClientOptions options;
  private final PrintStream out;
  private final PrintStream err;

  EchoClient(ClientOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /** Whether every answer came and was as expected. */
  boolean run() {
    boolean ok = true;
    for (int i = 0; i < options.pace().count(); i++) {
      if (i > 0) {
        LockSupport.parkNanos(options.pace().interval().toNanos());
      }
      for (Protocol protocol : options.protocols()) {
        ok &= ask(protocol);
      }
    }
    return ok;
  }

  private boolean ask(Protocol protocol) {
    InetSocketAddress server = options.endpoint().socketAddress(protocol);
    try {
      if (server.isUnresolved()) {
        throw new IOException("unknown host");
      }
      String answer =
          switch (protocol) {
            case TCP -> askTcp(server);
            case UDP -> askUdp(server);
            case WEB -> askWeb(server);
          };
      return judge(protocol, answer);
    } catch (IOException failure) {
      err.printf(
          "%s %s:%d: %s%n",
          protocol.flag(),
          options.endpoint().host(),
          options.endpoint().port(protocol),
          Objects.requireNonNullElse(failure.getMessage(), "nothing listens there"));
      if (options.pace().output() == ClientOptions.Output.JSON) {
        out.printf("{\"protocol\":\"%s\",\"ok\":false}%n", protocol.flag());
      }
      return false;
    }
  }

  private boolean judge(Protocol protocol, String answer) throws IOException {
    Optional<String> seen = Answer.address(answer);
    if (seen.isEmpty()) {
      throw new IOException("not an answer of nettools: " + answer.strip());
    }
    boolean ok = options.expectation().isMet(seen.get());
    switch (options.pace().output()) {
      case TEXT -> out.println(protocol.flag() + " " + answer.strip());
      case JSON ->
          out.printf(
              "{\"protocol\":\"%s\",\"ok\":%b,\"remote\":\"%s\"}%n",
              protocol.flag(), ok, seen.get());
    }
    if (!ok) {
      err.printf(
          "%s: the server sees %s, expected %s%n",
          protocol.flag(), seen.get(), describe(options.expectation()));
    }
    return ok;
  }

  private static String describe(ClientOptions.Expectation expectation) {
    return switch (expectation) {
      case ClientOptions.Expectation.Anything() -> "any address";
      case ClientOptions.Expectation.OneOf(var addresses) -> "one of " + addresses;
      case ClientOptions.Expectation.NoneOf(var addresses) -> "none of " + addresses;
    };
  }

  private String askTcp(InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, timeoutMillis());
      socket.setSoTimeout(timeoutMillis());
      socket.getOutputStream().write(QUESTION);
      return firstLine(
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)));
    }
  }

  private String askUdp(InetSocketAddress server) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      // Connected, so that an ICMP error is reported instead of waited out.
      socket.connect(server);
      socket.setSoTimeout(timeoutMillis());
      socket.send(new DatagramPacket(QUESTION, QUESTION.length));
      DatagramPacket answer = new DatagramPacket(new byte[ANSWER_BYTES_MAX], ANSWER_BYTES_MAX);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    }
  }

  private String askWeb(InetSocketAddress server) throws IOException {
    URI url = URI.create("http://" + AddressText.of(server) + "/");
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(timeoutMillis());
    connection.setReadTimeout(timeoutMillis());
    // A new connection per question: it is the connection's source that is asked for.
    connection.setRequestProperty("Connection", "close");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return firstLine(reader);
    } finally {
      connection.disconnect();
    }
  }

  private static String firstLine(BufferedReader reader) throws IOException {
    String line = reader.readLine();
    if (line == null) {
      throw new IOException("the server closed the connection without an answer");
    }
    return line;
  }

  private int timeoutMillis() {
    Duration timeout = options.pace().timeout();
    // 0 would mean forever.
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }
}
