package io.egressgateway.node.netlink.socket;

import java.nio.ByteBuffer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The calls of the C library about time and scheduling; man 2 of each. Buffers are direct. */
public interface ProcessCalls {
  /** clock_gettime(2). */
  int clock_gettime(int clock, @Out ByteBuffer timespec);

  /** adjtimex(2). */
  int adjtimex(@In @Out ByteBuffer timex);

  /** setpriority(2): of one thread, whatever POSIX says. */
  int setpriority(int which, int who, int niceness);
}
