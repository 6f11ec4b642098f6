package io.egressgateway.load.demo;

import java.io.PrintStream;
import java.util.Locale;

/** One line per step, and the guide's commands with their output in between. */
final class TextNarrator implements Narrator {
  private static final int TITLE_WIDTH = 64;
  private static final double MILLIS_PER_SECOND = 1000;

  private final PrintStream out;
  private boolean shellShown;

  TextNarrator(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(Step step) {
    // The line appears with its duration; what takes long says so by itself.
  }

  @Override
  public void end(Step step, long millis) {
    line("ok", step, millis);
  }

  @Override
  public void fail(Step step, long millis, Exception reason) {
    line("FAILED", step, millis);
    out.println("       " + reason.getMessage());
  }

  private synchronized void line(String verdict, Step step, long millis) {
    if (shellShown) {
      out.println();
      shellShown = false;
    }
    String dots = ".".repeat(Math.max(2, TITLE_WIDTH - step.title().length()));
    out.printf(
        Locale.ROOT,
        "%-6s %s %s %6.2f s%n",
        verdict,
        step.title(),
        dots,
        millis / MILLIS_PER_SECOND);
  }

  @Override
  public synchronized void shell(String prompt, String command, String output) {
    out.println();
    out.println(prompt + "# " + command);
    out.println(output.stripTrailing());
    shellShown = true;
  }

  @Override
  public synchronized void say(String text) {
    out.println(text);
  }

  @Override
  public synchronized void event(String text) {
    out.println("       " + text);
  }

  @Override
  public synchronized void result(DemoResult result) {
    out.println();
    out.println(result.toText());
  }
}
