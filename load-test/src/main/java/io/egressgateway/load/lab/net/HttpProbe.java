package io.egressgateway.load.lab.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Asks a web server one thing over one new connection, from wherever the calling thread's network
 * namespace is. HTTP/1.0, so that the answer ends with the connection.
 */
public final class HttpProbe {
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final String HEAD_END = "\r\n\r\n";

  private HttpProbe() {}

  /**
   * An answer.
   *
   * @param status the three digits
   * @param head the lines before the body
   * @param body without the head
   */
  public record Answer(int status, String head, String body) {
    private static final String DATE = "Date: ";

    /** What time it is by the server's clock, to the second; empty if it does not say. */
    public Optional<Instant> date() {
      return head.lines()
          .filter(line -> line.startsWith(DATE))
          .map(line -> RFC_1123_DATE_TIME.parse(line.substring(DATE.length()), Instant::from))
          .findFirst();
    }
  }

  /**
   * GETs a path.
   *
   * @param patience for connecting and again for each read
   * @throws IOException if there is no answer in time, or it is not HTTP
   */
  public static Answer get(InetSocketAddress server, String path, Duration patience)
      throws IOException {
    int millis = Math.toIntExact(patience.toMillis());
    try (Socket socket = new Socket()) {
      socket.connect(server, millis);
      socket.setSoTimeout(millis);
      String request =
          "GET %s HTTP/1.0\r\nHost: %s:%d\r\nUser-Agent: curl\r\nAccept: */*\r\n\r\n"
              .formatted(path, server.getHostString(), server.getPort());
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), UTF_8);
      int headEnd = answer.indexOf(HEAD_END);
      String[] statusLine = answer.split("[ \r\n]", 3);
      if (headEnd < 0 || statusLine.length < 2 || !statusLine[1].matches("[0-9]{3}")) {
        throw new IOException("%s answered no HTTP: '%s'".formatted(server, answer));
      }
      return new Answer(
          Integer.parseInt(statusLine[1]),
          answer.substring(0, headEnd),
          answer.substring(headEnd + HEAD_END.length()));
    }
  }
}
