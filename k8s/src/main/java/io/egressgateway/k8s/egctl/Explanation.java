package io.egressgateway.k8s.egctl;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.egressgateway.k8s.inspect.PlacementDocument;
import java.util.ArrayList;
import java.util.List;

/**
 * Why something is as it is.
 *
 * @param subject what was asked about
 * @param answers in the order in which people ask
 * @param placements of each egress IP that was asked about
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Explanation(String subject, List<Answer> answers, List<PlacementDocument> placements) {
  private static final int WIDTH_MAX = 28;

  Explanation {
    answers = List.copyOf(answers);
    placements = List.copyOf(placements);
  }

  /** An answer, and what it answers. */
  record Answer(String question, String answer) {}

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(subject);
    int width =
        answers.stream()
            .mapToInt(answer -> Math.min(answer.question().length(), WIDTH_MAX))
            .max()
            .orElse(0);
    for (Answer answer : answers) {
      lines.add(
          "  "
              + ("%-" + Math.max(width, 1) + "s   %s")
                  .formatted(answer.question(), answer.answer()));
    }
    if (!placements.isEmpty() && !placements.getFirst().nodes().isEmpty()) {
      lines.add("");
      lines.addAll(nodes(placements.getFirst()).lines(TextTable.Extent.USUAL));
    }
    return lines;
  }

  private static TextTable nodes(PlacementDocument placement) {
    return new TextTable(
        List.of("NODE OF " + placement.gateway(), "KUBERNETES SAYS", "LEASE", "SO IT IS", "EIPS"),
        1,
        5,
        placement.nodes().stream()
            .map(
                node ->
                    List.of(
                        node.name(),
                        node.eligibility(),
                        node.lease() == null ? "-" : node.lease(),
                        node.fitness(),
                        String.valueOf(node.egressIps())))
            .toList());
  }
}
