package io.egressgateway.persistence.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback port before PostgreSQL's that can fail as a network does. It finds a COMMIT by its
 * text, so clients have to send statements as text: {@code prepareThreshold=0}. Thread-safe.
 */
public final class DatabaseWire implements AutoCloseable {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final String COMMIT = "COMMIT";

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile Passage passage = new Passage.Open();

  /** How it treats what passes. */
  public sealed interface Passage {
    /** Passed on at once. */
    record Open() implements Passage {}

    /** Connections are cut, and new ones end at once. */
    record Shut() implements Passage {}

    /** The answer to each COMMIT comes late. */
    record SlowCommits(Duration delay) implements Passage {}

    /** The next COMMIT does not reach the server: the connection is cut. */
    record CutBeforeCommit() implements Passage {}

    /** The next COMMIT is carried out, and its answer lost: the connection is cut. */
    record CutAfterCommit() implements Passage {}
  }

  private DatabaseWire(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /**
   * Starts passing on.
   *
   * @param target the server's port on the loopback
   */
  public static DatabaseWire start(int target) throws IOException {
    DatabaseWire wire =
        new DatabaseWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    Thread.ofPlatform().name("database-wire").daemon().start(wire::accept);
    return wire;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Treats what passes otherwise from now on. */
  public void set(Passage other) {
    passage = other;
    if (other instanceof Passage.Shut) {
      open.forEach(DatabaseWire::close);
    }
  }

  /** How many connections were cut at a COMMIT. */
  public int cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (passage instanceof Passage.Shut) {
          close(client);
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        Line line = new Line(client, server);
        Thread.ofVirtual().start(line::there);
        Thread.ofVirtual().start(line::back);
      } catch (IOException closing) {
        return;
      }
    }
  }

  /** What has to happen to the next answer. */
  private enum Answer {
    PASS,
    DELAY,
    LOSE
  }

  private final class Line {
    private final Socket client;
    private final Socket server;
    private volatile Answer answer = Answer.PASS;

    Line(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void there() {
      byte[] piece = new byte[PIECE_BYTES];
      try {
        int length = client.getInputStream().read(piece);
        while (length >= 0) {
          if (new String(Arrays.copyOf(piece, length), US_ASCII).contains(COMMIT) && !commit()) {
            break;
          }
          server.getOutputStream().write(piece, 0, length);
          length = client.getInputStream().read(piece);
        }
      } catch (IOException broken) {
        // The other end sees its connection closed, as it would without us.
      } finally {
        cut();
      }
    }

    /** Whether it is passed on. */
    private boolean commit() {
      return switch (passage) {
        case Passage.Open ignored -> true;
        case Passage.Shut ignored -> false;
        case Passage.SlowCommits ignored -> {
          answer = Answer.DELAY;
          yield true;
        }
        case Passage.CutBeforeCommit ignored -> {
          cuts.incrementAndGet();
          passage = new Passage.Open();
          yield false;
        }
        case Passage.CutAfterCommit ignored -> {
          answer = Answer.LOSE;
          passage = new Passage.Open();
          yield true;
        }
      };
    }

    void back() {
      byte[] piece = new byte[PIECE_BYTES];
      try {
        int length = server.getInputStream().read(piece);
        while (length >= 0) {
          if (answer == Answer.LOSE) {
            cuts.incrementAndGet();
            break;
          }
          if (answer == Answer.DELAY && passage instanceof Passage.SlowCommits(var delay)) {
            Thread.sleep(delay);
          }
          answer = Answer.PASS;
          client.getOutputStream().write(piece, 0, length);
          length = server.getInputStream().read(piece);
        }
      } catch (IOException broken) {
        // As above.
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
      } finally {
        cut();
      }
    }

    private void cut() {
      for (Socket end : new Socket[] {client, server}) {
        open.remove(end);
        close(end);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("close a connection", failed);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("stop listening", failed);
    }
    open.forEach(DatabaseWire::close);
  }
}
