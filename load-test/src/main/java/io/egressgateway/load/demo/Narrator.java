package io.egressgateway.load.demo;

import java.io.PrintStream;
import java.util.concurrent.Callable;

/** Tells what happens, to people or to programs. Used by one thread, except for {@link #event}. */
sealed interface Narrator permits TextNarrator, JsonNarrator {
  /** What a step was, and how long it took. */
  record Step(String name, String title) {}

  /** Runs a step and tells how it went; its exception is passed on. */
  default <T> T step(String name, String title, Callable<T> work) throws Exception {
    Step step = new Step(name, title);
    begin(step);
    long started = System.nanoTime();
    try {
      T result = work.call();
      end(step, elapsedMillis(started));
      return result;
    } catch (Exception e) {
      fail(step, elapsedMillis(started), e);
      throw e;
    }
  }

  private static long elapsedMillis(long startedNanos) {
    return (System.nanoTime() - startedNanos) / 1_000_000;
  }

  void begin(Step step);

  void end(Step step, long millis);

  void fail(Step step, long millis, Exception reason);

  /** A command of the guide and what it printed. */
  void shell(String prompt, String command, String output);

  /** A remark between steps. */
  void say(String text);

  /** Something that happened by itself. Called from any thread. */
  void event(String text);

  /** The end of the story. */
  void result(DemoResult result);

  static Narrator text(PrintStream out) {
    return new TextNarrator(out);
  }

  static Narrator json(PrintStream out, PrintStream err) {
    return new JsonNarrator(out, err);
  }
}
