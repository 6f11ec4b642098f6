package io.egressgateway.k8s.status;

import io.egressgateway.k8s.crd.StatusCondition;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.entity.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
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
   * What {@code status.conditions} should be: one of each type, which is their key. A condition's
   * {@code lastTransitionTime} is that of the condition before as long as its status is the same.
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
    return oneOfEachType(verdict.conditions()).stream()
        .map(condition -> project(condition, verdict, known, now))
        .toList();
  }

  private static Collection<Condition> oneOfEachType(SortedSet<Condition> conditions) {
    TreeMap<String, Condition> byType = new TreeMap<>();
    conditions.forEach(condition -> byType.merge(condition.type(), condition, Conditions::merge));
    return byType.values();
  }

  /**
   * Two of the same status become one with the first one's reason and both messages; else False
   * counts, which comes second.
   */
  private static Condition merge(Condition first, Condition second) {
    return first.status() == second.status()
        ? new Condition(
            first.type(), first.status(), first.reason(), first.message() + "; " + second.message())
        : second;
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
