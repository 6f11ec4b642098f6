package io.egressgateway.policy.plan;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import java.util.Optional;

/** What becomes of a new connection from a pod to a destination, as its node's plan has it. */
public sealed interface Verdict {

  /**
   * A policy takes it.
   *
   * @param address the egress IP
   * @param route where that is, as far as the node can reach it; without a holder it is dropped
   */
  record Taken(PolicyKey policy, Priority priority, IpAddress address, EipRoute route)
      implements Verdict {}

  /** It is dropped: a policy that selects the pod has not said yet what it takes. */
  record Unanswered() implements Verdict {}

  /**
   * It leaves as if there were no egress gateway.
   *
   * @param policy the strongest that would take it, where the reason is about one
   */
  record LeftAlone(Reason reason, Optional<PolicyKey> policy) implements Verdict {}

  /** Why a connection is left alone. */
  enum Reason {
    /** No policy takes packets to pods, services and nodes. */
    INSIDE_THE_CLUSTER,
    /** No policy selects the pod. */
    NOT_SELECTED,
    /** No policy that selects the pod takes this destination. */
    NOT_A_DESTINATION,
    /** The policy that takes the destination has no egress IP of its family. */
    NO_EGRESS_IP_OF_THE_FAMILY,
    /** No node holds the policy's egress IP, and its gateway fails open. */
    FAILS_OPEN
  }
}
