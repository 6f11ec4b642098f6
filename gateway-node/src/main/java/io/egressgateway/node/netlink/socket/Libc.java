package io.egressgateway.node.netlink.socket;

import java.nio.ByteBuffer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.byref.IntByReference;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The calls of the C library that sockets need, and no more; man 2 of each. Buffers are direct: jnr
 * hands their address over without copying.
 */
public interface Libc {
  /** socket(2). */
  int socket(int domain, int type, int protocol);

  /** bind(2). */
  int bind(int fd, @In ByteBuffer address, int length);

  /** getsockname(2). */
  int getsockname(int fd, @Out ByteBuffer address, @In @Out IntByReference length);

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int name, @In ByteBuffer value, int length);

  /** send(2). */
  @ssize_t
  long send(int fd, @In ByteBuffer bytes, @size_t long length, int flags);

  /** recv(2). */
  @ssize_t
  long recv(int fd, @Out ByteBuffer bytes, @size_t long length, int flags);

  /** close(2). */
  int close(int fd);
}
