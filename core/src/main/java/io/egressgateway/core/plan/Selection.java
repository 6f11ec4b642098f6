package io.egressgateway.core.plan;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.collection.PersistentSet;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.IpAddress;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which packets of this node's pods leave through which egress IP. A pod has one class (the set of
 * policies that select it); a class has rules. So a pod that comes or goes touches one element, and
 * a policy that changes touches no pod.
 *
 * @param clusterCidrs destinations that are never taken: pods, services, nodes, the tunnel
 * @param endpoints local pod address to its class
 * @param rules what each class does with which destination; disjoint within a class
 */
public record Selection(
    CidrSet clusterCidrs, SortedMap<IpAddress, ClassNumber> endpoints, SortedSet<ClassRule> rules) {
  public Selection {
    endpoints = PersistentMap.copyOf(endpoints);
    rules = PersistentSet.copyOf(rules);
  }

  /** Selects nothing. */
  public static Selection none(CidrSet clusterCidrs) {
    return new Selection(clusterCidrs, new TreeMap<>(), new TreeSet<>());
  }
}
