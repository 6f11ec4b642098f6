package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.inspect.HistoryDocument;
import io.egressgateway.k8s.inspect.PlacementDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why an egress IP is where it is, in sentences. */
final class EipExplanations {
  private static final String ASSIGNED = "Assigned";

  private EipExplanations() {}

  /** The answers about one egress IP. */
  static List<Answer> answers(PlacementDocument placement, HistoryDocument history) {
    List<Answer> answers = new ArrayList<>();
    answers.add(
        new Answer(
            "who uses it",
            placement.policies().isEmpty() ? "nobody" : String.join(", ", placement.policies())));
    answers.add(new Answer("who holds it", holding(placement)));
    lastAssignment(history)
        .filter(entry -> String.valueOf(entry.to()).equals(placement.holder()))
        .ifPresent(
            entry -> {
              answers.add(
                  new Answer(
                      "why there",
                      Optional.ofNullable(entry.why()).orElse("the journal has no reason")
                          + "; since "
                          + entry.at()
                          + ", epoch "
                          + entry.epoch()
                          + ". It stays until that node cannot hold it"));
              Optional.ofNullable(entry.proof())
                  .ifPresent(proof -> answers.add(new Answer("what proved it free", proof.text())));
            });
    Optional.ofNullable(placement.wanted())
        .ifPresent(
            node -> answers.add(new Answer("if " + node + " died", ifLost(placement, node))));
    return answers;
  }

  static Optional<HistoryDocument.Entry> lastAssignment(HistoryDocument history) {
    return history.entries().stream()
        .filter(entry -> entry.event().equals(ASSIGNED))
        .reduce((former, later) -> later);
  }

  private static String holding(PlacementDocument placement) {
    String holder = String.valueOf(placement.holder());
    return switch (placement.holding()) {
      case "Programmed" -> holder + ", and its kernel answers for it";
      case "Assigned" -> holder + ", whose agent has not confirmed it yet";
      case "Leaving" -> holder + ", which was asked to stop and has not said that it did";
      case "Unplaced" -> "nobody, and no node of the gateway could";
      case "Occupied" -> "a node of another EgressGateway that has it in its pool, too";
      default -> "nobody";
    };
  }

  private static String ifLost(PlacementDocument placement, String node) {
    return Optional.ofNullable(placement.refuge())
        .map(
            refuge ->
                "it would go to "
                    + refuge
                    + ", the fit node with the fewest egress IPs, as soon as a majority of the"
                    + " witnesses has certified that the lease of "
                    + node
                    + " is over; until then nobody would hold it")
        .orElse(
            "it would be nowhere, and pods that use it cut off: no other node of EgressGateway "
                + placement.gateway()
                + " could be given it");
  }

  /** Why the policy has the address that it has. */
  static String whyThis(EgressIpRequest request, String gateway) {
    return switch (request) {
      case EgressIpRequest.Explicit ignored -> "spec.egressIP names it";
      case EgressIpRequest.RoundRobin ignored ->
          "spec.egressIP.allocatorPolicy is rr: it was the next of EgressGateway "
              + gateway
              + " that no policy had, and is kept";
      case EgressIpRequest.NodeAddress ignored ->
          "spec.egressIP.useNodeIP is true: it is the own address of whichever node carries it";
      case EgressIpRequest.Default ignored ->
          "spec.egressIP names none, so it is the default of EgressGateway "
              + gateway
              + ", and is kept";
    };
  }
}
