package io.egressgateway.policy.plan;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.FailMode;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Priority;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a policy does to packets of the pods it selects.
 *
 * @param destinations where to; empty means everywhere outside the cluster
 * @param priority which policy wins where several select the same packet
 * @param eips the source addresses, at most one of each family; a family without one is not touched
 * @param failMode what becomes of new connections while no node holds their address
 */
public record Binding(
    CidrSet destinations, Priority priority, SortedSet<IpAddress> eips, FailMode failMode) {
  public Binding {
    eips = Collections.unmodifiableSortedSet(new TreeSet<>(eips));
  }
}
