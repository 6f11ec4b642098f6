package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.SelectorExpression;
import io.egressgateway.core.model.SelectorParse;
import io.egressgateway.k8s.crd.SelectorTerms;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads label selectors. */
final class SelectorTranslator {

  private static final String REMEDY =
      "set matchLabels, or matchExpressions with an operator of In, NotIn, Exists, DoesNotExist";

  private SelectorTranslator() {}

  /**
   * The selector, which must select something in particular, or nothing and the reasons in {@code
   * violations}.
   */
  static Optional<LabelSelector> read(
      String field, @Nullable SelectorTerms terms, List<Violation> violations) {
    Map<String, String> labels =
        terms == null || terms.matchLabels() == null ? Map.of() : terms.matchLabels();
    List<SelectorExpression> expressions =
        terms == null
            ? List.of()
            : Texts.items(terms.matchExpressions()).stream().map(item -> expression(item)).toList();
    if (labels.isEmpty() && expressions.isEmpty()) {
      violations.add(new Violation(field, "", "the selector is empty", REMEDY));
      return Optional.empty();
    }
    return switch (LabelSelector.parse(labels, expressions)) {
      case SelectorParse.Valid valid -> Optional.of(valid.selector());
      case SelectorParse.Invalid invalid -> {
        invalid.reasons().stream()
            .map(reason -> new Violation(field, "", reason, REMEDY))
            .forEach(violations::add);
        yield Optional.empty();
      }
    };
  }

  /** As {@link #read}, and an empty selector, which selects everything, is none. */
  static Optional<LabelSelector> readOptional(
      String field, @Nullable SelectorTerms terms, List<Violation> violations) {
    return saysSomething(terms) ? read(field, terms, violations) : Optional.empty();
  }

  static boolean saysSomething(@Nullable SelectorTerms terms) {
    return terms != null
        && ((terms.matchLabels() != null && !terms.matchLabels().isEmpty())
            || !Texts.items(terms.matchExpressions()).isEmpty());
  }

  private static SelectorExpression expression(SelectorTerms.Expression item) {
    return new SelectorExpression(item.key(), item.operator(), Texts.items(item.values()));
  }
}
