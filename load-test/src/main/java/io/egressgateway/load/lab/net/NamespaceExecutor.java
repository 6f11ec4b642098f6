package io.egressgateway.load.lab.net;

import io.egressgateway.node.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One platform thread that lives in a namespace: sockets that are opened by its tasks belong there,
 * and /proc/sys/net is that namespace's. Tasks run in the order of submission. Thread-safe.
 */
public final class NamespaceExecutor implements AutoCloseable {
  private final NetNamespace namespace;
  private final ExecutorService thread;

  /**
   * Starts the thread and has it enter the namespace.
   *
   * @throws IOException if there is no such namespace
   */
  public NamespaceExecutor(NetNamespace namespace) throws IOException {
    this.namespace = namespace;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name("in-" + namespace).daemon().unstarted(task));
    try {
      call(
          () -> {
            NetworkNamespace.named(namespace.name()).enter();
            return namespace;
          });
    } catch (IOException | RuntimeException e) {
      thread.shutdown();
      throw e;
    }
  }

  /**
   * Runs the task there and waits for its result.
   *
   * @throws IOException if the task throws one, with this namespace in its message
   */
  public <T> T call(Callable<T> task) throws IOException {
    try {
      return thread.submit(task).get();
    } catch (ExecutionException e) {
      throw new IOException("in " + namespace + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + namespace, e);
    }
  }

  /** Ends the thread; the sockets that it opened stay open. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
