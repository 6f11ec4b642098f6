package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.GatewayName;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is wrong with a policy whose gateway does not exist. */
public final class UnknownGateway {
  private static final int NAMES_MAX = 10;

  /** The policy itself may show no name at all. */
  private static final String BY_LABEL =
      "correct the namespace's label " + ApiGroup.DEFAULT_GATEWAY_LABEL + ", which has it, or ";

  private UnknownGateway() {}

  /**
   * Says so, and which there are.
   *
   * @param known in the order in which they are named
   * @param namespaceDefault what the label of the policy's namespace names
   */
  public static Violation violation(
      GatewayName name, Collection<GatewayName> known, Optional<String> namespaceDefault) {
    String names =
        known.stream().map(GatewayName::value).limit(NAMES_MAX).collect(Collectors.joining(", "));
    String label = namespaceDefault.filter(name.value()::equals).isPresent() ? BY_LABEL : "";
    return new Violation(
        "spec.egressGatewayName",
        name.value(),
        "no EgressGateway has this name",
        label
            + (names.isEmpty()
                ? "create an EgressGateway '" + name + "'"
                : "create it, or name one that exists: " + names));
  }
}
