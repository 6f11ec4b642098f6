package io.egressgateway.k8s.status;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events are written one after the other, behind everything else: a status is what is waited for.
 * What does not fit is dropped with a warning. Thread-safe; its daemon thread ends when it is idle.
 */
final class EventQueue implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
  private static final int WAITING_MAX = 5_000;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor thread;

  EventQueue() {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> Thread.ofPlatform().daemon().name("events").unstarted(task));
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable writing) {
    try {
      thread.execute(writing);
    } catch (RejectedExecutionException full) {
      LOG.warn("event dropped reason=\"{} others wait to be written\"", WAITING_MAX);
    }
  }
}
