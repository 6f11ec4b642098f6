package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.inspect.TraceDocument;
import io.egressgateway.policy.plan.Verdict;
import java.util.Arrays;
import java.util.Optional;

/** What a controller says of a pod's packets, in sentences. */
final class TraceText {
  private TraceText() {}

  static String decision(TraceDocument.Decision decision) {
    String policy =
        decision.policy()
            + Optional.ofNullable(decision.priority())
                .map(priority -> ", priority " + priority + ",")
                .orElse("");
    return switch (decision.outcome()) {
      case "EgressIp" -> policy + " takes it";
      case "Dropped" ->
          decision.policy() == null
              ? "dropped: a policy that selects the pod has not told its node yet what it takes"
              : policy + " takes it, and it is dropped: no node has the egress IP";
      case "LeftAlone" -> "left alone, as if there were no egress gateway: " + reason(decision);
      case "Unknown" ->
          "not decided: the pod's node has not been told everything yet since its controller"
              + " started; ask again in a few seconds, or ask 'egctl doctor'";
      default -> "'" + decision.outcome() + "', which this egctl does not know";
    };
  }

  private static String reason(TraceDocument.Decision decision) {
    String reason = String.valueOf(decision.reason());
    return Arrays.stream(Verdict.Reason.values())
        .filter(known -> known.name().equals(reason))
        .findFirst()
        .map(known -> sentence(known, decision))
        .orElse("'" + reason + "', which this egctl does not know");
  }

  private static String sentence(Verdict.Reason reason, TraceDocument.Decision decision) {
    return switch (reason) {
      case INSIDE_THE_CLUSTER ->
          "the destination is inside the cluster, or EgressClusterInfo default lists it";
      case NOT_SELECTED -> "no policy selects the pod";
      case NOT_A_DESTINATION -> "no policy that selects the pod takes this destination";
      case NO_EGRESS_IP_OF_THE_FAMILY ->
          decision.policy() + " takes the destination, and has no egress IP of its family";
      case FAILS_OPEN ->
          "no node holds the egress IP of " + decision.policy() + ", whose gateway fails open";
    };
  }

  /** Where the pod is, and how far that node is. */
  static String node(IpAddress source, TraceDocument document) {
    TraceDocument.Plan plan = document.plan();
    String where = document.node() + ", where the pod has " + source;
    if (plan.applied() == null) {
      return where
          + "; its agent is not connected to the controllers: see whether its pod runs, and its log";
    }
    if (plan.newest() == 0 || plan.applied() == plan.newest()) {
      return where + "; its agent says that the kernel has plan " + plan.applied();
    }
    return where
        + "; its agent says that the kernel has plan "
        + plan.applied()
        + " still, not "
        + plan.newest();
  }
}
