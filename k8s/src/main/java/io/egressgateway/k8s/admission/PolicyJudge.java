package io.egressgateway.k8s.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.EgressPolicySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import io.egressgateway.k8s.translate.NetworkConflicts;
import io.egressgateway.k8s.translate.PolicyTranslator;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.k8s.translate.UnknownGateway;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.plan.EgressIpAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges an EgressPolicy or an EgressClusterPolicy. */
final class PolicyJudge {
  private static final Set<String> ALLOCATORS = Set.of("", "default", "rr");

  /**
   * What cannot be changed, and what stands there when nothing does. The address of a policy is a
   * promise to whoever let it through a firewall.
   */
  private record Fixed(String field, String absent) {}

  private static final List<Fixed> FIXED =
      List.of(
          new Fixed("egressGatewayName", ""),
          new Fixed("egressIP.useNodeIP", "false"),
          new Fixed("egressIP.ipv4", ""),
          new Fixed("egressIP.ipv6", ""),
          new Fixed("egressIP.allocatorPolicy", "default"));

  private PolicyJudge() {}

  /** Judges the object by itself, against its gateway when it is new, and against what it was. */
  static Verdict judge(AdmissionRequest request, EgressPolicyResource policy, ClusterFacts facts) {
    Optional<String> fallback = facts.fallback(request.namespace());
    return switch (PolicyTranslator.translate(policy, fallback)) {
      case Translation.Invalid<EgressPolicySpec> invalid ->
          Verdict.denied(
              invalid.violations(),
              names(request.object()).isEmpty() && fallback.flatMap(GatewayName::parse).isEmpty()
                  ? Verdict.Basis.CLUSTER
                  : Verdict.Basis.OBJECT);
      case Translation.Valid<EgressPolicySpec> valid -> judge(request, valid.spec(), facts);
    };
  }

  private static Verdict judge(
      AdmissionRequest request, EgressPolicySpec spec, ClusterFacts facts) {
    if (!request.isUpdate()) {
      return withGateway(request, spec, facts);
    }
    List<Violation> changes = changes(request);
    if (!changes.isEmpty()) {
      return Verdict.denied(changes, Verdict.Basis.OBJECT);
    }
    // Its gateway may have gone meanwhile; that is no reason to refuse another selector.
    return names(request.before()).isEmpty()
        ? withGateway(request, spec, facts)
        : new Verdict.Allowed(warnings(request));
  }

  private static Verdict withGateway(
      AdmissionRequest request, EgressPolicySpec spec, ClusterFacts facts) {
    ClusterFacts.Known gateway = facts.gateways().get(spec.gateway());
    if (gateway == null) {
      return Verdict.denied(
          List.of(
              UnknownGateway.violation(
                  spec.gateway(),
                  facts.gateways().keySet(),
                  facts.namespaceDefault(request.namespace()))),
          Verdict.Basis.CLUSTER);
    }
    return switch (gateway.translation()) {
      // A bad gateway has a condition of its own that says so.
      case Translation.Invalid<EgressGatewaySpec> ignored -> new Verdict.Allowed(warnings(request));
      case Translation.Valid<EgressGatewaySpec> valid -> {
        EgressIpAllocator.Pools untouched =
            new EgressIpAllocator.Pools(
                spec.gateway(),
                NetworkConflicts.without(valid.spec(), facts.networks()),
                Collections.emptySortedSet(),
                Collections.emptySortedMap());
        yield switch (EgressIpAllocator.allocate(untouched, spec.request())) {
          case EgressIpAllocator.Allocation.Refused refused ->
              new Verdict.Denied(refused.message(), Verdict.Basis.CLUSTER);
          case EgressIpAllocator.Allocation.Given ignored -> new Verdict.Allowed(warnings(request));
        };
      }
    };
  }

  private static List<Violation> changes(AdmissionRequest request) {
    List<Violation> changes = new ArrayList<>();
    for (Fixed fixed : FIXED) {
      String was = text(request.before(), fixed);
      String is = text(request.object(), fixed);
      // A policy that named no gateway is given one once.
      boolean given = fixed.field().equals("egressGatewayName") && was.isEmpty();
      if (!was.equals(is) && !given) {
        changes.add(
            new Violation(
                "spec." + fixed.field(),
                is,
                "cannot be changed, it is '" + was + "'",
                "leave it, or create another policy and delete this one"));
      }
    }
    return changes;
  }

  private static String text(JsonNode object, Fixed fixed) {
    JsonNode node = object.path("spec");
    for (String step : fixed.field().split("\\.", -1)) {
      node = node.path(step);
    }
    String text = node.asText("");
    return text.isEmpty() || node.isNull() ? fixed.absent() : text;
  }

  private static String names(JsonNode policy) {
    return text(policy, FIXED.getFirst());
  }

  private static List<String> warnings(AdmissionRequest request) {
    String allocator =
        request.object().path("spec").path("egressIP").path("allocatorPolicy").asText("");
    return ALLOCATORS.contains(allocator)
        ? List.of()
        : List.of(
            "spec.egressIP.allocatorPolicy '"
                + allocator
                + "' is not known and stands for 'default'; write 'default' or 'rr'");
  }
}
