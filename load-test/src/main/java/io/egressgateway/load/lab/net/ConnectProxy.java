package io.egressgateway.load.lab.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP CONNECT proxy on a Unix socket whose connections start in a namespace: so programs
 * outside the lab's networks, the API server above all, reach pods. Thread-safe.
 */
public final class ConnectProxy implements AutoCloseable {
  private static final Pattern REQUEST =
      Pattern.compile("CONNECT \\[?([^\\]\\s]+?)\\]?:(\\d{1,5}) HTTP/1\\.[01]");
  private static final int HEAD_BYTES_MAX = 16 * 1024;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path socket;
  private final ServerSocketChannel listener;
  private final NamespaceExecutor inside;
  private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Function<InetSocketAddress, Optional<InetSocketAddress>> targets = Optional::of;

  private ConnectProxy(Path socket, ServerSocketChannel listener, NamespaceExecutor inside) {
    this.socket = socket;
    this.listener = listener;
    this.inside = inside;
  }

  /**
   * Starts it.
   *
   * @param socket the file it listens at; removed at the end
   * @param namespace from where it connects
   */
  public static ConnectProxy start(Path socket, NetNamespace namespace) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    ConnectProxy proxy = new ConnectProxy(socket, listener, new NamespaceExecutor(namespace));
    Thread.ofPlatform().name("connect-proxy").daemon().start(proxy::accept);
    return proxy;
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /**
   * Says what stands behind an address, as kube-proxy does for the addresses of services.
   *
   * @param translation empty where nobody does
   */
  public void translate(Function<InetSocketAddress, Optional<InetSocketAddress>> translation) {
    targets = translation;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel caller = listener.accept();
        connections.execute(() -> serve(caller));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException("accept for a proxy", e);
      }
    }
  }

  private void serve(SocketChannel caller) {
    try (caller) {
      Matcher request = REQUEST.matcher(head(Channels.newInputStream(caller)));
      if (!request.lookingAt()) {
        answer(caller, "400 Bad Request");
        return;
      }
      InetSocketAddress wanted =
          new InetSocketAddress(request.group(1), Integer.parseInt(request.group(2)));
      Optional<InetSocketAddress> target = targets.apply(wanted);
      if (target.isEmpty()) {
        answer(caller, "502 Bad Gateway");
        return;
      }
      try (SocketChannel pod = connect(target.get())) {
        answer(caller, "200 OK");
        Thread back = Thread.ofVirtual().start(() -> copy(pod, caller));
        copy(caller, pod);
        back.join();
      }
    } catch (IOException e) {
      // One of both has gone; the other sees its connection closed.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SocketChannel connect(InetSocketAddress target) throws IOException {
    return inside.call(
        () -> {
          SocketChannel channel = SocketChannel.open();
          try {
            channel.socket().connect(target, CONNECT_MILLIS);
            return channel;
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() > HEAD_BYTES_MAX) {
        throw new IOException("no HTTP request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void answer(SocketChannel caller, String status) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(US_ASCII));
    while (text.hasRemaining()) {
      caller.write(text);
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("close a proxied connection", e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("stop the proxy", e);
    }
    connections.shutdownNow();
    inside.close();
  }
}
