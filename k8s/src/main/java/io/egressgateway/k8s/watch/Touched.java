package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a change of a pod or a selector has an effect on.
 *
 * @param nodes whose endpoints have changed
 * @param policies whose endpoints have changed
 */
record Touched(SortedSet<NodeName> nodes, SortedSet<PolicyKey> policies) {

  static Touched nothing() {
    return new Touched(new TreeSet<>(), new TreeSet<>());
  }

  Touched plus(Touched other) {
    Touched both = nothing();
    both.addAll(this);
    both.addAll(other);
    return both;
  }

  void addAll(Touched other) {
    nodes.addAll(other.nodes);
    policies.addAll(other.policies);
  }
}
