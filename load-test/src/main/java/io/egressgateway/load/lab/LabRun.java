package io.egressgateway.load.lab;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Something that is done in a lab of its own, which is removed afterwards, on a signal too. */
public final class LabRun {
  private static final Duration REMOVAL = Duration.ofSeconds(60);
  private static final int LOG_LINES_ON_FAILURE = 20;

  private LabRun() {}

  /** What is done in a lab that is opened and still empty. */
  @FunctionalInterface
  public interface Play<T> {
    T run(Lab lab) throws Exception;
  }

  /**
   * Opens a lab, plays in it and removes it.
   *
   * @param progress receives what goes on, and the processes' last words after a failure
   */
  public static <T> T play(LabSettings settings, Consumer<String> progress, Play<T> play)
      throws Exception {
    CountDownLatch removed = new CountDownLatch(1);
    Thread onSignal = onSignal(Thread.currentThread(), removed);
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (Lab lab = Lab.open(settings, progress)) {
      try {
        return play.run(lab);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        progress.accept(lab.supervisor().logTails(LOG_LINES_ON_FAILURE));
        throw e;
      } finally {
        progress.accept("removing the lab");
        // A signal may have left it behind; the removal waits for processes to end.
        Thread.interrupted();
      }
    } finally {
      removed.countDown();
    }
  }

  /** Has the playing thread remove the lab, as it does at its end, and waits for that. */
  private static Thread onSignal(Thread player, CountDownLatch removed) {
    return Thread.ofPlatform()
        .unstarted(
            () -> {
              if (removed.getCount() == 0) {
                return;
              }
              player.interrupt();
              try {
                if (!removed.await(REMOVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                  System.err.println("the lab is not removed; the next one will do it");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
