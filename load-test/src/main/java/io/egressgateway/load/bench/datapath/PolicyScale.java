package io.egressgateway.load.bench.datapath;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * How much there is to enforce. Every policy selects ten pods and four destinations, of which the
 * first is the server's network; egress IPs are shared. The pod that sends is the last one of the
 * last policy: whoever looks through policies in turn finds it last.
 *
 * @param policies 1 to 65,536
 */
record PolicyScale(int policies) {
  /** Of each policy. */
  static final int PODS = 10;

  /** As many as there are egress IPs, at most. */
  static final int EGRESS_IPS_MAX = 250;

  private static final int DESTINATIONS_ELSEWHERE = 3;
  private static final int DESTINATION_PREFIX = 28;
  private static final int DESTINATION_SIZE = 16;
  private static final int FIRST_POD = Ipv4Address.of("100.64.0.0").bits();
  private static final int FIRST_DESTINATION = Ipv4Address.of("11.0.0.0").bits();
  private static final int DESTINATIONS_OF_POLICY = 256;

  /** How many pods there are in all. */
  int pods() {
    return policies * PODS;
  }

  /** How many egress IPs there are in all. */
  int egressIps() {
    return Math.min(policies, EGRESS_IPS_MAX);
  }

  /** Which egress IP a policy has, from 1. */
  int egressIpOf(int policy) {
    return policy % EGRESS_IPS_MAX + 1;
  }

  /** The pods of a policy, counted from 0; the sender stands at the end of the last one's. */
  List<Ipv4Address> podsOf(int policy, Ipv4Address sender) {
    List<Ipv4Address> pods = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      pods.add(new Ipv4Address(FIRST_POD + policy * PODS + i));
    }
    if (policy == policies - 1) {
      pods.set(PODS - 1, sender);
    }
    return pods;
  }

  /** The destinations of a policy, which are disjoint. */
  List<Cidr> destinationsOf(int policy) {
    List<Cidr> destinations = new ArrayList<>();
    destinations.add(Topology.SERVER_NETWORK);
    for (int i = 0; i < DESTINATIONS_ELSEWHERE; i++) {
      int first = FIRST_DESTINATION + policy * DESTINATIONS_OF_POLICY + i * DESTINATION_SIZE;
      destinations.add(new Cidr(new Ipv4Address(first), DESTINATION_PREFIX));
    }
    return destinations;
  }
}
