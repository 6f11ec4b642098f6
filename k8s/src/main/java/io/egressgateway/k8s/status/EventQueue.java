package io.egressgateway.k8s.status;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events are written one after the other and not too fast, behind everything else: a status is what
 * is waited for, and a herd's events would take as much of the API server as its statuses. What
 * does not fit is dropped with a warning. Thread-safe; its daemon thread ends when it is idle.
 */
final class EventQueue implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
  private static final int WAITING_MAX = 5_000;
  private static final long IDLE_SECONDS = 10;

  /** Between two as long as others wait: some fifty a second. */
  private static final Duration PAUSE = Duration.ofMillis(20);

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
      thread.execute(
          () -> {
            writing.run();
            pauseIfOthersWait();
          });
    } catch (RejectedExecutionException full) {
      LOG.warn("event dropped reason=\"{} others wait to be written\"", WAITING_MAX);
    }
  }

  private void pauseIfOthersWait() {
    if (!thread.getQueue().isEmpty()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
