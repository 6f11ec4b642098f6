package io.egressgateway.load.nettools;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Answers every line of every connection with the client's address and port. */
final class TcpEcho implements EchoServer.Listener {
  /** More are closed at once. */
  private static final int CONNECTIONS_MAX = 4_096;

  /** A longer line ends the connection. */
  private static final int LINE_BYTES_MAX = 4_096;

  private static final int IDLE_MILLIS_MAX = 600_000;
  private static final int BACKLOG = 1_024;
  private static final long PAUSE_NANOS = 10_000_000;

  private final ServerSocket listener;
  private final ServerLog log;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private TcpEcho(ServerSocket listener, ServerLog log) {
    this.listener = listener;
    this.log = log;
  }

  static TcpEcho listen(InetSocketAddress address, ServerLog log) throws IOException {
    ServerSocket listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(address, BACKLOG);
    } catch (IOException failure) {
      listener.close();
      throw failure;
    }
    TcpEcho echo = new TcpEcho(listener, log);
    Thread.ofPlatform().daemon().name("tcp-echo").start(echo::acceptAll);
    return echo;
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        if (connections.size() >= CONNECTIONS_MAX) {
          socket.close();
        } else {
          connections.add(socket);
          Thread.startVirtualThread(() -> converse(socket));
        }
      } catch (IOException closedOrOutOfFiles) {
        // Closed: the loop ends. Out of files: connections that end make room.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void converse(Socket socket) {
    InetSocketAddress remote = (InetSocketAddress) socket.getRemoteSocketAddress();
    byte[] answer = Answer.withPort(remote).getBytes(StandardCharsets.US_ASCII);
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS_MAX);
      InputStream in = new BufferedInputStream(socket.getInputStream(), LINE_BYTES_MAX);
      OutputStream out = socket.getOutputStream();
      while (readLine(in)) {
        log.request(Protocol.TCP, remote);
        out.write(answer);
      }
    } catch (IOException gone) {
      // The client's end of the conversation; there is nobody to tell.
      return;
    } finally {
      connections.remove(socket);
    }
  }

  /** Whether there was a line; at the end of the stream an unfinished one counts. */
  private static boolean readLine(InputStream in) throws IOException {
    for (int length = 0; length < LINE_BYTES_MAX; length++) {
      int next = in.read();
      if (next == '\n') {
        return true;
      }
      if (next < 0) {
        return length > 0;
      }
    }
    return false;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : connections) {
        socket.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot close the TCP listener", failure);
    }
  }
}
