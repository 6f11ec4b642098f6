package io.egressgateway.load.bench.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many who use the API at once, as a deployment tool and a scheduler do. */
public final class Clients {
  /** How many at once. */
  public static final int NUMBER = 16;

  private Clients() {}

  /** What is done for each of many things. */
  @FunctionalInterface
  public interface Action {
    void run(int number) throws Exception;
  }

  /**
   * Does it for 0 to {@code count - 1}, {@value #NUMBER} at once.
   *
   * @throws ExecutionException with the first failure
   */
  public static void each(int count, Action action)
      throws InterruptedException, ExecutionException {
    try (ExecutorService clients = Executors.newFixedThreadPool(NUMBER)) {
      List<Future<?>> all = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(
            clients.submit(
                () -> {
                  action.run(number);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }
}
