package io.egressgateway.policy.domain;

import io.egressgateway.core.event.GatewayEvent.EgressIpFreed;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.policy.plan.Refusal;
import java.util.List;
import java.util.Optional;

/** Whose policies a gateway serves: judged when they ask, and again whenever it changes. */
final class GatewayTenants {

  private GatewayTenants() {}

  /** Why the policy gets nothing; empty if the gateway serves it. */
  static Optional<Gateway.Outcome> refusal(
      Gateway.State state, Gateway.Observed observed, PolicyKey policy) {
    return serves(observed, policy)
        ? Optional.empty()
        : Optional.of(
            new Gateway.Outcome.Refused(
                Refusal.NAMESPACE_NOT_ALLOWED,
                "EgressGateway %s does not serve the namespace of %s; let the namespace's labels"
                        .formatted(state.name(), policy)
                    + " match the gateway's spec.allowedNamespaces, or name another in"
                    + " spec.egressGatewayName"));
  }

  /** As long as nobody has said whom the gateway serves, nobody loses anything. */
  private static boolean serves(Gateway.Observed observed, PolicyKey policy) {
    return switch (observed) {
      case Gateway.Observed.Unknown ignored -> true;
      case Gateway.Observed.Retiring ignored -> true;
      case Gateway.Observed.Present seen -> seen.spec().tenants().include(policy);
    };
  }

  /** Takes addresses back from policies that the gateway does not serve any more. */
  static void evict(GatewayDraft draft, Gateway.Observed observed) {
    List<PolicyKey> strangers =
        draft.state().allocations().keySet().stream()
            .filter(policy -> !serves(observed, policy))
            .toList();
    strangers.forEach(policy -> draft.add(new EgressIpFreed(policy, draft.now())));
  }
}
