package io.egressgateway.core.model;

import java.util.List;

/**
 * An item of {@code matchExpressions} as the user wrote it, not yet checked; {@link
 * LabelSelector#parse} makes a {@link Requirement} of it.
 */
public record SelectorExpression(String key, String operator, List<String> values) {

  public SelectorExpression {
    values = List.copyOf(values);
  }
}
