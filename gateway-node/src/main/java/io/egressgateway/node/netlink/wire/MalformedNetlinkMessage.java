package io.egressgateway.node.netlink.wire;

/**
 * Bytes that are not what their header or their length promise. The only exception a decoder of
 * this package throws, whatever the input.
 */
public final class MalformedNetlinkMessage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was expected where
   */
  public MalformedNetlinkMessage(String message) {
    super(message);
  }
}
