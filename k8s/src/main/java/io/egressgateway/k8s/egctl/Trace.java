package io.egressgateway.k8s.egctl;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.egressgateway.k8s.egctl.Explanation.Answer;
import io.egressgateway.k8s.inspect.TraceDocument;
import java.util.List;
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

  /** For people. */
  List<String> lines() {
    return new Explanation("pod " + pod + " to " + destination, answers, List.of()).lines();
  }
}
