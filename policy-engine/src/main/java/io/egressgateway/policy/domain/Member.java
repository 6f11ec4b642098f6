package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import java.util.Optional;

/**
 * A node that a gateway's selector matches.
 *
 * @param eligibility what Kubernetes says of it
 * @param standing what the node itself has told; empty until it has
 * @param patience whether it is worth a moment to wait for that
 */
public record Member(Eligibility eligibility, Optional<NodeStanding> standing, Patience patience) {

  /** Whether a node that has told nothing is waited for. */
  public enum Patience {
    /** It was selected a moment ago. */
    WAITING,
    /** It had time enough. */
    OVER
  }

  /**
   * Whether it may be fit in a moment. Addresses that nobody has had yet wait for it, so that not
   * all of them go to whoever speaks first.
   */
  boolean isAwaited() {
    return eligibility == Eligibility.ELIGIBLE
        && standing.isEmpty()
        && patience == Patience.WAITING;
  }

  /** The session that an address can be assigned to now. */
  public Optional<NodeSession> session() {
    return standing
        .filter(
            told ->
                switch (told.kind()) {
                  case LEASED, HELD_DOWN -> true;
                  case UNLEASED, LEAVING, UPLINK_DOWN, SILENT -> false;
                })
        .flatMap(NodeStanding::session);
  }

  /** What the gateway may do with it. */
  public Fitness fitness() {
    Fitness byLease = standing.map(Member::byLease).orElse(Fitness.KEEPS);
    return switch (eligibility) {
      case ELIGIBLE -> byLease;
      case UNSCHEDULABLE ->
          switch (byLease) {
            case GOOD, KEEPS -> Fitness.KEEPS;
            case RESERVE, LOST -> Fitness.LOST;
            case DRAINED -> Fitness.DRAINED;
            case UNFIT -> Fitness.UNFIT;
          };
      case DRAINING -> byLease == Fitness.LOST ? Fitness.LOST : Fitness.DRAINED;
      case NOT_READY, NO_TUNNEL -> byLease == Fitness.LOST ? Fitness.LOST : Fitness.UNFIT;
    };
  }

  private static Fitness byLease(NodeStanding standing) {
    return switch (standing.kind()) {
      case LEASED -> Fitness.GOOD;
      case SILENT -> Fitness.KEEPS;
      case LEAVING -> Fitness.DRAINED;
      case UPLINK_DOWN -> Fitness.UNFIT;
      case HELD_DOWN -> standing.session().isPresent() ? Fitness.RESERVE : Fitness.LOST;
      case UNLEASED -> Fitness.LOST;
    };
  }
}
