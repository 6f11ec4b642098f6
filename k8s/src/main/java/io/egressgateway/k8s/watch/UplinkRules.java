package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.plan.TunnelSettings;
import java.util.List;
import java.util.Optional;

/**
 * Which nodes answer for egress IPs on which of their links, for nodes whose links differ.
 *
 * @param rules the first one that selects a node counts
 */
public record UplinkRules(List<Rule> rules) {

  /** Every node's agent finds its link. */
  public static final UplinkRules NONE = new UplinkRules(List.of());

  /**
   * A link of some nodes.
   *
   * @param nodes by their labels; the empty selector means all
   * @param link its name, 1-15 characters
   */
  public record Rule(LabelSelector nodes, String link) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if no device can have it
     */
    public Rule {
      TunnelSettings.requireLinkName(link);
    }
  }

  public UplinkRules {
    rules = List.copyOf(rules);
  }

  /** The link of a node with these labels; empty: the agent finds it. */
  Optional<String> of(Labels node) {
    return rules.stream().filter(rule -> rule.nodes().matches(node)).map(Rule::link).findFirst();
  }
}
