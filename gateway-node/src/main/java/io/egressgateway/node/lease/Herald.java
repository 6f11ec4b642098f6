package io.egressgateway.node.lease;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.Uplink;

/** Speaks to the network segment. For the thread that opened it. */
public interface Herald extends AutoCloseable {

  /**
   * Tells the segment behind the link, once, that the address is here.
   *
   * @throws KernelFault if the frames cannot be sent
   */
  void announce(Uplink.Port port, IpAddress address) throws KernelFault;

  @Override
  void close();
}
