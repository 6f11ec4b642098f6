package io.egressgateway.k8s.egctl;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.inspect.TraceDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way of a pod's new connections to a destination.
 *
 * @param pod as {@code namespace/name}
 * @param answers hop by hop, for people
 * @param controllers what they say; absent if no policy can select the pod
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Trace(
    String pod, String destination, List<Answer> answers, @Nullable TraceDocument controllers) {
  Trace {
    answers = List.copyOf(answers);
  }

  /** For people: what was decided, and then each hop in the kernels. */
  List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            new Explanation("pod " + pod + " to " + destination, answers, List.of()).lines());
    List<List<String>> hops =
        kernels()
            .flatMap(kernel -> kernel.facts().stream().map(fact -> hop(kernel, fact)))
            .toList();
    if (!hops.isEmpty()) {
      lines.add("");
      lines.addAll(
          new TextTable(List.of("NODE", "WHAT", "SO IT IS", "IN ITS KERNEL"), 2, 4, hops)
              .lines(TextTable.Extent.USUAL));
    }
    return lines;
  }

  private Stream<TraceDocument.Kernel> kernels() {
    return Stream.ofNullable(controllers).flatMap(document -> document.kernels().stream());
  }

  private static List<String> hop(TraceDocument.Kernel kernel, TraceDocument.Fact fact) {
    return List.of(
        kernel.node() + ", " + kernel.role(),
        fact.subject(),
        fact.differs() ? "DIFFERS" : "as planned",
        fact.differs() ? fact.found() + "; planned is: " + fact.planned() : fact.found());
  }

  /** What keeps it from being known that packets go this way, and what to do; empty if it is. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    if (controllers != null && controllers.kernels().isEmpty()) {
      complaints.add("no kernel was asked: nothing is decided yet");
    }
    kernels().forEach(kernel -> complaint(kernel).ifPresent(complaints::add));
    return complaints;
  }

  private static Optional<String> complaint(TraceDocument.Kernel kernel) {
    if (kernel.problem() != null) {
      return Optional.of(kernel.node() + " was not asked: " + kernel.problem());
    }
    long different = kernel.facts().stream().filter(TraceDocument.Fact::differs).count();
    return different == 0
        ? Optional.empty()
        : Optional.of(
            different
                + " of the above are not as planned on "
                + kernel.node()
                + ". Its agent puts right what others change, and takes a new plan, within a second:"
                + " ask again. If it stays so, the agent's log there says why");
  }
}
