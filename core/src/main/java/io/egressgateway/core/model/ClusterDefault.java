package io.egressgateway.core.model;

/** Whether a gateway serves the policies that name no gateway. */
public enum ClusterDefault {
  YES,
  NO
}
