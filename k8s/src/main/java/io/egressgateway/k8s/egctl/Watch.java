package io.egressgateway.k8s.egctl;

import io.fabric8.kubernetes.client.KubernetesClientException;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Shows something once, or for as long as it is wanted.
 *
 * <p>A watch asks anew each time and hangs on no connection: an API server or a controller that is
 * away for a while costs it a line on standard error.
 */
final class Watch {
  @Option(
      names = {"-w", "--watch"},
      description =
          "Go on until interrupted: ask every 2 s, and show what has changed. Rows of tables come"
              + " with what befell them.")
  private boolean watch;

  /** When to look again. */
  @FunctionalInterface
  interface Rhythm {
    /**
     * Waits until it is time.
     *
     * @return whether to look again; otherwise the watch is over
     */
    boolean next() throws InterruptedException;
  }

  /**
   * Shows what the question finds out.
   *
   * @return what was found last
   * @throws EgctlException if the first time nothing is
   */
  <T extends Shown> T show(
      EgctlMain main, CommandLine command, Format format, EgctlMain.Question<T> question)
      throws EgctlException {
    return main.ask(
        cluster -> {
          T first = question.ask(cluster);
          Output.print(command, watch ? format.firstLines(first) : format.lines(first));
          return watch
              ? new Sight<>(command, format, () -> question.ask(cluster))
                  .follow(first, main.rhythm())
              : first;
        });
  }

  /** A look at what is watched. */
  @FunctionalInterface
  private interface Look<T> {
    T take() throws EgctlException;
  }

  /** What is watched, and where it is shown. */
  private record Sight<T extends Shown>(CommandLine command, Format format, Look<T> look) {

    /** Ends, too, when nobody reads any more what is shown. */
    T follow(T first, Rhythm rhythm) throws EgctlException {
      T last = first;
      String trouble = "";
      try {
        while (!command.getOut().checkError() && rhythm.next()) {
          try {
            T now = look.take();
            Output.print(command, format.linesSince(last, now));
            last = now;
            trouble = "";
          } catch (EgctlException | KubernetesClientException failure) {
            trouble = complain(trouble, EgctlMain.message(failure));
          }
        }
        return last;
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new EgctlException("interrupted");
      }
    }

    private String complain(String before, String message) {
      if (!message.equals(before)) {
        Output.complain(command, message + "; asking on");
      }
      return message;
    }
  }
}
