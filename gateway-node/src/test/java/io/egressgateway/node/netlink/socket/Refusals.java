package io.egressgateway.node.netlink.socket;

/** Refusals as the kernel gives them, for tests of those who get them. */
public final class Refusals {
  private Refusals() {}

  /** What is thrown, or handed on, when the kernel answers with this number. */
  public static NetlinkException of(String operation, int errno) {
    return new NetlinkException(operation, errno);
  }
}
