package io.egressgateway.core.link;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.NodeNumber;

/**
 * How many entries of each kind one plan, or one side of a delta, may have. A reader refuses more;
 * a planner has to stay below.
 */
public final class PlanLimits {
  /** As many as there are node numbers. */
  public static final int PEERS_MAX = NodeNumber.MAX;

  /** Pod, service and node networks, in their minimal form. */
  public static final int CLUSTER_CIDRS_MAX = 4_096;

  /** Selected pods of one node; Kubernetes itself is built for 110, and has been run with 1000. */
  public static final int PODS_MAX = 16_384;

  /** Destinations over all classes of one node: about 4 MiB on the wire. */
  public static final int RULES_MAX = 262_144;

  /** As many as there are egress IP numbers. */
  public static final int ROUTES_MAX = EipNumber.MAX;

  /** As many as there are egress IP numbers. */
  public static final int HELD_MAX = EipNumber.MAX;

  private PlanLimits() {}
}
