package io.egressgateway.node.netlink.socket;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;

/** What SIGTERM does to this process. */
public final class TerminationSignal {
  private static final int SIGTERM = 15;

  /** man 2 signal. */
  public interface SignalCalls {
    /** signal(2); a null handler is SIG_DFL. */
    Pointer signal(int number, @In Pointer handler);
  }

  private TerminationSignal() {}

  /**
   * From now on SIGTERM ends the process at once, as the kernel does it. The virtual machine's own
   * handler would wait for the shutdown that is already going on.
   */
  public static void endAtOnce() {
    SignalCalls calls = LibraryLoader.create(SignalCalls.class).load("c");
    Pointer byDefault = Pointer.wrap(jnr.ffi.Runtime.getRuntime(calls), 0L);
    var unused = calls.signal(SIGTERM, byDefault);
  }
}
