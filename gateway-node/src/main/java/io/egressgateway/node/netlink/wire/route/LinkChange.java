package io.egressgateway.node.netlink.wire.route;

import io.egressgateway.core.model.MacAddress;

/** One property to set on a device, new or existing. */
public sealed interface LinkChange {
  /** {@code up}. */
  record Up() implements LinkChange {}

  /** {@code down}. */
  record Down() implements LinkChange {}

  /** {@code name}; the device must be down on older kernels. */
  record Rename(LinkName name) implements LinkChange {}

  /** {@code address}. */
  record Mac(MacAddress address) implements LinkChange {}

  /**
   * {@code mtu}.
   *
   * @param bytes without the link-layer header
   */
  record Mtu(int bytes) implements LinkChange {}

  /**
   * {@code master}.
   *
   * @param linkIndex of the bridge
   */
  record Master(int linkIndex) implements LinkChange {}

  /** {@code nomaster}. */
  record NoMaster() implements LinkChange {}

  /** {@code alias}: a text that belongs to the device, at most 255 bytes. */
  record Alias(String text) implements LinkChange {}

  /**
   * {@code netns}.
   *
   * @param fd an open descriptor of the namespace to move to
   */
  record Namespace(int fd) implements LinkChange {}
}
