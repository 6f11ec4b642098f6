package io.egressgateway.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Kubernetes label selector: an object matches when every pair of {@code matchLabels} and every
 * requirement does. The empty selector matches every object; "no selector", which in Kubernetes
 * matches none, is an empty {@link Optional} at the place of use.
 *
 * @param matchLabels key to the value it must have; sorted and unmodifiable
 * @param requirements in the user's order
 */
public record LabelSelector(SortedMap<String, String> matchLabels, List<Requirement> requirements) {

  private static final LabelSelector EVERYTHING = new LabelSelector(new TreeMap<>(), List.of());

  /**
   * Checks keys and values.
   *
   * @throws IllegalArgumentException when a label breaks the Kubernetes syntax
   */
  public LabelSelector {
    matchLabels = Labels.sorted(matchLabels);
    requirements = List.copyOf(requirements);
    matchLabels.forEach(
        (key, value) -> {
          KubernetesNames.require(KubernetesNames.labelKeyViolation(key));
          KubernetesNames.require(KubernetesNames.labelValueViolation(value));
        });
  }

  /** The selector that matches every object. */
  public static LabelSelector everything() {
    return EVERYTHING;
  }

  /**
   * The selector that asks for exactly these labels.
   *
   * @throws IllegalArgumentException when a label breaks the Kubernetes syntax
   */
  public static LabelSelector ofLabels(Map<String, String> matchLabels) {
    return new LabelSelector(Labels.sorted(matchLabels), List.of());
  }

  /** Checks what a user wrote and reports everything that is wrong with it, not only the first. */
  public static SelectorParse parse(
      Map<String, String> matchLabels, List<SelectorExpression> expressions) {
    List<String> reasons =
        Stream.concat(
                Labels.sorted(matchLabels).entrySet().stream()
                    .flatMap(
                        label ->
                            Stream.of(
                                    KubernetesNames.labelKeyViolation(label.getKey()),
                                    KubernetesNames.labelValueViolation(label.getValue()))
                                .flatMap(Optional::stream)),
                expressions.stream().flatMap(expression -> violations(expression).stream()))
            .toList();
    return reasons.isEmpty()
        ? new SelectorParse.Valid(
            new LabelSelector(
                Labels.sorted(matchLabels),
                expressions.stream().map(LabelSelector::requirement).toList()))
        : new SelectorParse.Invalid(reasons);
  }

  private static List<String> violations(SelectorExpression expression) {
    List<String> reasons = new ArrayList<>();
    KubernetesNames.labelKeyViolation(expression.key()).ifPresent(reasons::add);
    Optional<Operator> operator = Operator.parse(expression.operator());
    if (operator.isEmpty()) {
      reasons.add(
          "operator '%s' on key '%s' is not one of In, NotIn, Exists, DoesNotExist"
              .formatted(expression.operator(), expression.key()));
    } else if (operator.get().takesValues() && expression.values().isEmpty()) {
      reasons.add(
          "operator %s on key '%s' needs at least one value"
              .formatted(expression.operator(), expression.key()));
    } else if (!operator.get().takesValues() && !expression.values().isEmpty()) {
      reasons.add(
          "operator %s on key '%s' takes no values; remove them or use In or NotIn"
              .formatted(expression.operator(), expression.key()));
    }
    expression.values().stream()
        .flatMap(value -> KubernetesNames.labelValueViolation(value).stream())
        .forEach(reasons::add);
    return reasons;
  }

  private static Requirement requirement(SelectorExpression expression) {
    return switch (Operator.parse(expression.operator()).orElseThrow()) {
      case IN -> new Requirement.In(expression.key(), new TreeSet<>(expression.values()));
      case NOT_IN -> new Requirement.NotIn(expression.key(), new TreeSet<>(expression.values()));
      case EXISTS -> new Requirement.Exists(expression.key());
      case DOES_NOT_EXIST -> new Requirement.DoesNotExist(expression.key());
    };
  }

  public boolean matches(Labels labels) {
    return labels.entries().entrySet().containsAll(matchLabels.entrySet())
        && requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }

  /** Whether the selector asks for nothing, and so matches every object. */
  public boolean isEmpty() {
    return matchLabels.isEmpty() && requirements.isEmpty();
  }

  /** As {@code kubectl --selector} writes it. */
  @Override
  public String toString() {
    return Stream.concat(
            matchLabels.entrySet().stream().map(label -> label.getKey() + "=" + label.getValue()),
            requirements.stream().map(Requirement::toString))
        .collect(Collectors.joining(","));
  }

  private enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST;

    static Optional<Operator> parse(String text) {
      return switch (text) {
        case "In" -> Optional.of(IN);
        case "NotIn" -> Optional.of(NOT_IN);
        case "Exists" -> Optional.of(EXISTS);
        case "DoesNotExist" -> Optional.of(DOES_NOT_EXIST);
        default -> Optional.empty();
      };
    }

    boolean takesValues() {
      return this == IN || this == NOT_IN;
    }
  }
}
