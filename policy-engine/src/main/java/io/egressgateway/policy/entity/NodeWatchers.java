package io.egressgateway.policy.entity;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;

/** The gateways that want to know how a node stands, and what they are told. */
final class NodeWatchers {
  private final NodeLease lease;
  private final NodeErrands errands;

  NodeWatchers(NodeLease lease, NodeErrands errands) {
    this.lease = lease;
    this.errands = errands;
  }

  /** Says how the node stands, unless it is too early to say. */
  void tell() {
    lease
        .told()
        .ifPresent(
            standing -> lease.watchers().forEach(gateway -> errands.stood(gateway, standing)));
  }

  /** Says so although nothing was heard yet: it could have been. */
  void tellAtLast() {
    lease.settle();
    tell();
  }

  /** Says that the node's session has ended. */
  void tellEnd() {
    lease.end();
    tell();
  }

  void tell(GatewayName gateway) {
    lease.told().ifPresent(standing -> errands.stood(gateway, standing));
  }

  void conflict(IpAddress address, MacAddress mac) {
    lease.watchers().forEach(gateway -> errands.conflict(gateway, address, mac));
  }
}
