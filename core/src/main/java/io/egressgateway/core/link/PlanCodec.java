package io.egressgateway.core.link;

import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;

/**
 * Plans and deltas as they go over the agent link; the format is {@code link.proto}. Decoding is
 * total: a message either becomes a value that is right in every field, or is refused by the name
 * of the field that is wrong.
 */
public final class PlanCodec {
  private PlanCodec() {}

  /**
   * A whole plan as a message.
   *
   * @throws IllegalArgumentException at revision 0, which on the wire means that there is no plan
   */
  public static Plan encode(NodePlan plan) {
    return PlanWriter.plan(plan);
  }

  /**
   * The plan that a message holds.
   *
   * @throws MalformedLinkMessage naming the field that is missing, out of range or listed twice
   */
  public static NodePlan decode(Plan message) throws MalformedLinkMessage {
    return PlanReader.plan(message);
  }

  /**
   * A delta as a message.
   *
   * @throws IllegalArgumentException from revision 0, which on the wire means that there is no plan
   */
  public static io.egressgateway.core.link.v1.PlanDelta encode(PlanDelta delta) {
    return PlanWriter.delta(delta);
  }

  /**
   * The delta that a message holds. Whether it fits a plan shows when it is applied.
   *
   * @throws MalformedLinkMessage naming the field that is missing, out of range or listed twice
   */
  public static PlanDelta decode(io.egressgateway.core.link.v1.PlanDelta message)
      throws MalformedLinkMessage {
    return PlanReader.delta(message);
  }
}
