package io.egressgateway.policy.domain;

import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import io.egressgateway.policy.plan.Eligibility;
import io.egressgateway.policy.plan.Fitness;
import java.util.Optional;

/**
 * A node that a gateway's selector matches.
 *
 * @param eligibility what Kubernetes says of it
 * @param standing what the node itself has told; empty until it has
 * @param history what the gateway itself knows of it
 */
public record Member(Eligibility eligibility, Optional<NodeStanding> standing, History history) {

  /** What a gateway knows of a node by itself. */
  public enum History {
    /** It was selected a moment ago: it is worth waiting for what it tells. */
    NEW,
    /** Its present session has addresses of the gateway. */
    IN_USE,
    /** Neither. */
    IDLE
  }

  /**
   * Whether it may be fit in a moment. Addresses that nobody has had yet wait for it, so that not
   * all of them go to whoever speaks first.
   */
  boolean isAwaited() {
    return eligibility == Eligibility.ELIGIBLE && standing.isEmpty() && history == History.NEW;
  }

  /** The session that an address can be assigned to now. */
  public Optional<NodeSession> session() {
    return standing
        .filter(
            told ->
                switch (told.kind()) {
                  case LEASED, HELD_DOWN -> true;
                  case UNLEASED, HOLDING, LEAVING, UPLINK_DOWN, SILENT -> false;
                })
        .flatMap(NodeStanding::session);
  }

  /**
   * What the gateway may do with it.
   *
   * @param onLoss what the gateway wants of nodes that lose the witnesses
   */
  public Fitness fitness(WitnessLoss onLoss) {
    Fitness byLease = standing.map(told -> byLease(told, onLoss)).orElse(Fitness.KEEPS);
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

  private Fitness byLease(NodeStanding told, WitnessLoss onLoss) {
    return switch (told.kind()) {
      case LEASED -> Fitness.GOOD;
      case SILENT -> Fitness.KEEPS;
      case LEAVING -> Fitness.DRAINED;
      case UPLINK_DOWN -> Fitness.UNFIT;
      case HOLDING ->
          switch (onLoss) {
            case HOLD -> Fitness.KEEPS;
            case CLOSE -> Fitness.UNFIT;
          };
      case HELD_DOWN ->
          told.session().isEmpty()
              ? Fitness.LOST
              : history == History.IN_USE ? Fitness.KEEPS : Fitness.RESERVE;
      case UNLEASED -> Fitness.LOST;
    };
  }
}
