package io.egressgateway.core.model;

import java.util.List;

/** What {@link LabelSelector#parse} made of a selector. */
public sealed interface SelectorParse {

  record Valid(LabelSelector selector) implements SelectorParse {}

  /**
   * The selector is refused.
   *
   * @param reasons at least one sentence for the user, in the order of the selector
   */
  record Invalid(List<String> reasons) implements SelectorParse {
    public Invalid {
      reasons = List.copyOf(reasons);
    }
  }
}
