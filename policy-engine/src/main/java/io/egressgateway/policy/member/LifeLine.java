package io.egressgateway.policy.member;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to another process over which nothing is ever sent: it ends with that process. If
 * new ones are refused after it, the kernel over there says that nobody listens any more. A machine
 * that is gone says nothing, and neither does one that cannot be reached.
 *
 * <p>A daemon thread of its own, which sleeps in {@code read} nearly always.
 */
final class LifeLine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LifeLine.class);

  /** One refusal may come from somebody between the two. */
  private static final int REFUSALS = 3;

  /** Of the time until it is noticed, and of the load that an unusual peer can cause. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** How a process is. */
  enum Sign {
    LISTENING,
    ENDED
  }

  private final InetSocketAddress peer;
  private final Consumer<Sign> signs;
  private final CountDownLatch closed = new CountDownLatch(1);
  // A lock for what the line's thread and whoever closes it share.
  private final Object lock = new Object();
  private Socket socket = new Socket();

  private LifeLine(InetSocketAddress peer, Consumer<Sign> signs) {
    this.peer = peer;
    this.signs = signs;
  }

  /**
   * Starts to watch.
   *
   * @param peer where the process listens for TCP connections, as long as it lives
   * @param signs told of every connection and of the third refusal in a row, by the line's thread;
   *     of nothing any more once {@link #close} has returned
   */
  static LifeLine to(InetSocketAddress peer, Consumer<Sign> signs) {
    LifeLine line = new LifeLine(peer, signs);
    Thread.ofPlatform().daemon().name("life-line " + peer).start(line::run);
    return line;
  }

  private void run() {
    int refusals = 0;
    while (!closesWithin(PAUSE)) {
      try (Socket line = renewed()) {
        // Resolved anew each time: a process that starts again may have another address.
        line.connect(
            new InetSocketAddress(peer.getHostString(), peer.getPort()),
            Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        refusals = 0;
        tell(Sign.LISTENING);
        awaitEnd(line);
      } catch (ConnectException refused) {
        if (++refusals == REFUSALS) {
          tell(Sign.ENDED);
        }
      } catch (IOException silent) {
        // Neither a process that listens nor a kernel that says there is none.
        LOG.debug("life line lost peer={}", peer, silent);
        refusals = 0;
      }
    }
  }

  private boolean closesWithin(Duration pause) {
    try {
      return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private Socket renewed() throws IOException {
    synchronized (lock) {
      socket = new Socket();
      if (closed.getCount() == 0) {
        socket.close();
      }
      return socket;
    }
  }

  private void awaitEnd(Socket line) throws IOException {
    byte[] nothing = new byte[64];
    while (line.getInputStream().read(nothing) >= 0) {
      LOG.debug("life line heard something peer={}", peer);
    }
  }

  private void tell(Sign sign) {
    synchronized (lock) {
      if (closed.getCount() > 0) {
        signs.accept(sign);
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed.countDown();
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        LOG.debug("life line did not close peer={}", peer, alreadyGone);
      }
    }
  }
}
