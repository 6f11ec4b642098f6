package io.egressgateway.load.fault;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Something that is broken until it is mended. Mending twice is harmless. Thread-safe. */
public final class Breakage implements AutoCloseable {
  private final String name;
  private final Mending mending;
  private final AtomicBoolean mended = new AtomicBoolean();

  Breakage(String name, Mending mending) {
    this.name = name;
    this.mending = mending;
  }

  /** Undoes it. */
  @FunctionalInterface
  interface Mending {
    void run() throws IOException;
  }

  /** What was done, for people. */
  public String name() {
    return name;
  }

  /** Undoes it. */
  public void mend() throws IOException {
    if (mended.compareAndSet(false, true)) {
      mending.run();
    }
  }

  /** What is done while something is broken. */
  @FunctionalInterface
  public interface Interlude {
    void play() throws Exception;
  }

  /** Plays, and mends however it ends. */
  public void during(Interlude interlude) throws Exception {
    try {
      interlude.play();
    } finally {
      mend();
    }
  }

  @Override
  public void close() throws IOException {
    mend();
  }
}
