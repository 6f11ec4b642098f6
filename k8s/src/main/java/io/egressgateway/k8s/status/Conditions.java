package io.egressgateway.k8s.status;

import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.entity.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Conditions of the engine as conditions of the API. */
final class Conditions {

  /** Reason of the Ready condition of an object whose spec is wrong. */
  static final String INVALID_SPEC = "InvalidSpec";

  /** The API server takes 32768 characters; nobody reads more than this. */
  static final int MESSAGE_MAX = 4_000;

  private Conditions() {}

  /**
   * What {@code status.conditions} should be. A condition's {@code lastTransitionTime} is that of
   * the condition before as long as its status is the same.
   *
   * @param before what the object has
   */
  static List<StatusCondition> project(
      Wanted.Verdict verdict, @Nullable List<StatusCondition> before, Instant now) {
    Map<String, StatusCondition> known =
        (before == null ? List.<StatusCondition>of() : before)
            .stream()
                .collect(
                    Collectors.toMap(
                        StatusCondition::type, Function.identity(), (first, second) -> first));
    return verdict.conditions().stream()
        .map(condition -> project(condition, verdict, known, now))
        .toList();
  }

  private static StatusCondition project(
      Condition condition,
      Wanted.Verdict verdict,
      Map<String, StatusCondition> known,
      Instant now) {
    String status = status(condition.status());
    StatusCondition before = known.get(condition.type());
    return new StatusCondition(
        before != null && before.status().equals(status)
            ? before.lastTransitionTime()
            : now.truncatedTo(ChronoUnit.SECONDS).toString(),
        shortened(condition.message()),
        verdict.observedGeneration().orElse(null),
        condition.reason(),
        status,
        condition.type());
  }

  /** The conditions of a wrong spec: those given, with another Ready. */
  static SortedSet<Condition> invalid(List<Violation> violations, SortedSet<Condition> otherwise) {
    TreeSet<Condition> conditions = new TreeSet<>(otherwise);
    conditions.removeIf(condition -> condition.type().equals(Condition.READY));
    conditions.add(Condition.notReady(INVALID_SPEC, Violation.sentences(violations)));
    return Collections.unmodifiableSortedSet(conditions);
  }

  private static String shortened(String message) {
    return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX) + " …";
  }

  private static String status(Condition.Status status) {
    return switch (status) {
      case TRUE -> "True";
      case FALSE -> "False";
    };
  }
}
