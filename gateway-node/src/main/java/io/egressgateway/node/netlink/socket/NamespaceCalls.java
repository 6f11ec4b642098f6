package io.egressgateway.node.netlink.socket;

import jnr.ffi.annotations.In;
import jnr.ffi.types.u_int64_t;
import org.jspecify.annotations.Nullable;

/** The calls of the C library that make and enter network namespaces; man 2 of each. */
public interface NamespaceCalls {
  /** open(2) without a mode. */
  int open(@In String path, int flags);

  /** setns(2): moves the calling thread alone. */
  int setns(int fd, int type);

  /** unshare(2): moves the calling thread alone, but for what threads cannot have apart. */
  int unshare(int flags);

  /** mount(2) without data. */
  int mount(
      @In String source,
      @In String target,
      @In String type,
      @u_int64_t long flags,
      @In @Nullable String data);

  /** umount2(2). */
  int umount2(@In String target, int flags);
}
