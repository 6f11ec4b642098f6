package io.egressgateway.load.lab.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets processes in a namespace reach a TCP port on this process's own loopback: it listens on the
 * same port on the namespace's loopback and copies bytes both ways. Thread-safe.
 */
public final class Forwarder implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final Duration STALL_LOOK = Duration.ofMillis(20);

  private final ServerSocketChannel listener;
  private final InetSocketAddress target;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private volatile Passage passage = new Passage.Open();

  /** How it treats what passes. */
  public sealed interface Passage {
    /** Forwarded at once. */
    record Open() implements Passage {}

    /** Connections are cut and new ones end at once, as when nobody listens. */
    record Shut() implements Passage {}

    /** Nothing passes, nothing is cut: as behind a filter that drops. */
    record Stalled() implements Passage {}

    /**
     * Every piece waits before it is forwarded.
     *
     * @param delay each way
     */
    record Slow(Duration delay) implements Passage {}

    /**
     * Every connection passes so many pieces of answers; the next one is lost and the connection
     * cut, so that whoever asked does not know whether it was done.
     */
    record Severed(int answers) implements Passage {}
  }

  private Forwarder(ServerSocketChannel listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  /**
   * Starts forwarding.
   *
   * @param namespace where it listens, on 127.0.0.1
   * @param port there, and on the loopback of this process
   * @throws IOException if the port is taken
   */
  public static Forwarder start(NetNamespace namespace, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (NamespaceExecutor inside = new NamespaceExecutor(namespace)) {
      ServerSocketChannel listener =
          inside.call(
              () -> {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                return channel.bind(address);
              });
      Forwarder forwarder = new Forwarder(listener, address);
      Thread.ofPlatform()
          .name("forward-" + namespace + "-" + port)
          .daemon()
          .start(forwarder::accept);
      return forwarder;
    }
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel inside = listener.accept();
        if (passage instanceof Passage.Shut) {
          close(inside);
          continue;
        }
        open.add(inside);
        SocketChannel outside = SocketChannel.open();
        open.add(outside);
        Thread.ofVirtual().start(() -> join(inside, outside));
      } catch (AsynchronousCloseException e) {
        return;
      } catch (IOException e) {
        close();
        throw new UncheckedIOException("accept for " + target, e);
      }
    }
  }

  private void join(SocketChannel inside, SocketChannel outside) {
    try {
      outside.connect(target);
      inside.setOption(StandardSocketOptions.TCP_NODELAY, true);
      outside.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread back = Thread.ofVirtual().start(() -> copy(outside, inside, Way.BACK));
      copy(inside, outside, Way.THERE);
      back.join();
    } catch (IOException e) {
      // The server is not there: the peer sees its connection closed, as it would without us.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      forget(inside);
      forget(outside);
    }
  }

  /** Treats what passes otherwise from now on. */
  public void set(Passage other) {
    passage = other;
    if (other instanceof Passage.Shut) {
      Set.copyOf(open).forEach(this::forget);
    }
  }

  /** Waits as the passage says; a stalled one is looked at again and again. */
  private void pass(SocketChannel to) throws InterruptedException {
    if (passage instanceof Passage.Slow(var delay)) {
      Thread.sleep(delay);
    }
    while (passage instanceof Passage.Stalled && to.isOpen()) {
      Thread.sleep(STALL_LOOK);
    }
  }

  private enum Way {
    THERE,
    BACK
  }

  private void copy(SocketChannel from, SocketChannel to, Way way) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    int answers = 0;
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        if (way == Way.BACK && passage instanceof Passage.Severed(int most)) {
          answers++;
          if (answers > most) {
            close(from);
            close(to);
            return;
          }
        }
        pass(to);
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // One side is gone; the other learns it by the close in join.
      close(from);
      close(to);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("close a forwarded connection", e);
    }
  }

  private void forget(SocketChannel channel) {
    open.remove(channel);
    close(channel);
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("stop forwarding to " + target, e);
    }
    Set.copyOf(open).forEach(this::forget);
  }
}
