package io.egressgateway.node.netlink.socket;

import io.egressgateway.node.netlink.wire.Bytes;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.byref.IntByReference;

/**
 * An open socket: options, sending and receiving of whole datagrams. Not thread-safe but to close.
 */
final class Descriptor implements AutoCloseable {
  static final int SOCK_RAW = 3;

  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int DATAGRAM_BYTES_MAX = 256 << 10;
  private static final int NANOS_PER_MICRO = 1_000;

  private final String name;
  private final int fd;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ByteBuffer received = direct(DATAGRAM_BYTES_MAX);
  private ByteBuffer outgoing = direct(1 << 12);
  private int sendBufferBytes;

  private Descriptor(String name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  static Descriptor open(String name, int domain, int protocol) {
    int type = SOCK_RAW | SOCK_CLOEXEC;
    long fd =
        SystemCalls.check("open " + name, () -> SystemCalls.LIBC.socket(domain, type, protocol));
    return new Descriptor(name, (int) fd);
  }

  static ByteBuffer direct(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  void bind(ByteBuffer address) {
    SystemCalls.check("bind " + name, () -> SystemCalls.LIBC.bind(fd, address, address.capacity()));
  }

  void option(int level, int option, int value) {
    ByteBuffer four = direct(4).putInt(0, value);
    option(level, option, four);
  }

  private void option(int level, int option, ByteBuffer value) {
    SystemCalls.check(
        "set option " + level + "/" + option + " of " + name,
        () -> SystemCalls.LIBC.setsockopt(fd, level, option, value, value.capacity()));
  }

  void receiveTimeout(Duration timeout) {
    ByteBuffer timeval = direct(16);
    timeval.putLong(0, timeout.toSeconds());
    timeval.putLong(8, timeout.toNanosPart() / NANOS_PER_MICRO);
    option(SOL_SOCKET, SO_RCVTIMEO, timeval);
  }

  /**
   * Lets the kernel keep back what a program of classic BPF instructions does not accept.
   *
   * <pre>
   *  struct sock_fprog: | len u16: instructions | pad 6 | filter: pointer | ; struct sock_filter: 8 bytes
   * </pre>
   */
  void filter(Bytes instructions) {
    ByteBuffer program = direct(instructions.length()).put(instructions.toBuffer()).flip();
    ByteBuffer header = direct(16).putShort(0, (short) (instructions.length() / 8));
    header.putLong(8, SystemCalls.address(program));
    try {
      option(SOL_SOCKET, SO_ATTACH_FILTER, header);
    } finally {
      Reference.reachabilityFence(program);
    }
  }

  void receiveBuffer(int bytes) {
    option(SOL_SOCKET, SO_RCVBUFFORCE, bytes);
  }

  /** The address the kernel gave the socket. */
  ByteBuffer address(int length) {
    ByteBuffer address = direct(length);
    IntByReference lengthReference = new IntByReference(length);
    SystemCalls.check(
        "name " + name, () -> SystemCalls.LIBC.getsockname(fd, address, lengthReference));
    return address;
  }

  /** A cleared buffer with at least this capacity, valid until the next call. */
  ByteBuffer outgoing(int bytes) {
    if (outgoing.capacity() < bytes) {
      outgoing = direct(Math.max(bytes, 2 * outgoing.capacity()));
    }
    return outgoing.clear();
  }

  /** Sends what was put into {@link #outgoing}, in one piece. */
  void send(String operation) {
    int length = outgoing.position();
    growSendBuffer(length);
    ByteBuffer whole = outgoing.duplicate().order(ByteOrder.nativeOrder()).clear();
    long sent = SystemCalls.check(operation, () -> SystemCalls.LIBC.send(fd, whole, length, 0));
    if (sent != length) {
      throw new NetlinkException(operation + ": sent " + sent + " of " + length, Errno.EMSGSIZE);
    }
  }

  // A netlink send is refused with EMSGSIZE unless all of it fits into the socket's buffer.
  private void growSendBuffer(int length) {
    int overhead = 4096;
    if (length + overhead > sendBufferBytes) {
      sendBufferBytes = Math.max(length + overhead, 1 << 18);
      option(SOL_SOCKET, SO_SNDBUFFORCE, sendBufferBytes);
    }
  }

  /** The next datagram; waits up to the time-out. EAGAIN after that. Valid until the next call. */
  ByteBuffer receive(String operation) {
    return receive(operation, 0);
  }

  /** The next datagram that is already there; EAGAIN if there is none. */
  ByteBuffer receiveNow(String operation) {
    return receive(operation, MSG_DONTWAIT);
  }

  private ByteBuffer receive(String operation, int flags) {
    received.clear();
    long length =
        SystemCalls.check(
            operation,
            () -> SystemCalls.LIBC.recv(fd, received, received.capacity(), MSG_TRUNC | flags));
    if (length > received.capacity()) {
      throw new NetlinkException(operation + ": datagram of " + length + " bytes", Errno.EMSGSIZE);
    }
    return received.limit((int) length);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      SystemCalls.close(fd);
    }
  }
}
