package io.egressgateway.node.netlink.socket;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The one place where a native call is made and its failure becomes an exception: errno belongs to
 * the thread and the next call may change it.
 */
final class SystemCalls {
  static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
  static final NamespaceCalls NAMESPACES = LibraryLoader.create(NamespaceCalls.class).load("c");
  static final ProcessCalls PROCESS = LibraryLoader.create(ProcessCalls.class).load("c");

  private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

  private SystemCalls() {}

  /**
   * Makes the call, again as long as signals interrupt it.
   *
   * @throws NetlinkException if it returns a negative number otherwise
   */
  static long check(String operation, LongSupplier call) {
    while (true) {
      long result = call.getAsLong();
      if (result >= 0) {
        return result;
      }
      int errno = RUNTIME.getLastError();
      if (errno != Errno.EINTR) {
        throw new NetlinkException(operation, errno);
      }
    }
  }

  /** Where a direct buffer lies, as long as it is reachable. */
  static long address(ByteBuffer direct) {
    return Pointer.wrap(RUNTIME, direct).address();
  }

  /** Closes a descriptor. Linux frees it even if close(2) was interrupted: never twice. */
  static void close(int fd) {
    if (LIBC.close(fd) < 0) {
      int errno = RUNTIME.getLastError();
      if (errno != Errno.EINTR) {
        throw new NetlinkException("close descriptor " + fd, errno);
      }
    }
  }
}
