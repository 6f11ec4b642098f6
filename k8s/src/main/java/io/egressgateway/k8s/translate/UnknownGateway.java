package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.GatewayName;
import java.util.Collection;
import java.util.stream.Collectors;

/** What is wrong with a policy whose gateway does not exist. */
public final class UnknownGateway {
  private static final int NAMES_MAX = 10;

  private UnknownGateway() {}

  /**
   * Says so, and which there are.
   *
   * @param known in the order in which they are named
   */
  public static Violation violation(GatewayName name, Collection<GatewayName> known) {
    String names =
        known.stream().map(GatewayName::value).limit(NAMES_MAX).collect(Collectors.joining(", "));
    return new Violation(
        "spec.egressGatewayName",
        name.value(),
        "no EgressGateway has this name",
        names.isEmpty()
            ? "create an EgressGateway '" + name + "'"
            : "create it, or name one that exists: " + names);
  }
}
