package io.egressgateway.core.lease;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The rules that a core obeys. In production these are all; less is for the simulator's tests. */
public final class Rules {
  /** Every rule. */
  public static final Rules ALL = new Rules(EnumSet.allOf(Rule.class));

  private final Set<Rule> obeyed;

  private Rules(EnumSet<Rule> obeyed) {
    this.obeyed = Collections.unmodifiableSet(EnumSet.copyOf(obeyed));
  }

  /** All of these but the given. Cores with such rules are unsafe: that is what they are for. */
  public Rules without(Rule... broken) {
    EnumSet<Rule> rest = EnumSet.noneOf(Rule.class);
    rest.addAll(obeyed);
    List.of(broken).forEach(rest::remove);
    return new Rules(rest);
  }

  /** Whether the rule holds. */
  public boolean obeys(Rule rule) {
    return obeyed.contains(rule);
  }

  @Override
  public String toString() {
    EnumSet<Rule> broken = EnumSet.allOf(Rule.class);
    broken.removeAll(obeyed);
    return broken.isEmpty() ? "all rules" : "all rules but " + broken;
  }
}
