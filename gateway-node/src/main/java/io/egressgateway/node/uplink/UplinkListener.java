package io.egressgateway.node.uplink;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;

/** Is told what happens to the uplink; on the watch's threads, one call at a time. */
public interface UplinkListener {

  /**
   * Nothing that leaves by the uplink arrives anywhere.
   *
   * @param reason for a log line
   */
  void uplinkLost(String reason);

  /** It leads somewhere again. Only after it was lost. */
  void uplinkFound();

  /**
   * Another host claims an address that this node has; told at most once a second for each address.
   */
  void addressConflict(IpAddress address, MacAddress mac);
}
