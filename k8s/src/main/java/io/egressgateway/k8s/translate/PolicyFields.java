package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Priority;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressPolicy.EgressIp;
import io.egressgateway.k8s.crd.EgressPolicyResource;
import io.egressgateway.k8s.crd.SelectorTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a policy of either kind, as written. */
record PolicyFields(
    @Nullable String gateway,
    @Nullable EgressIp egressIp,
    AppliedTo appliedTo,
    Destinations destinations,
    PriorityField priority) {

  /** Fields of {@code spec.appliedTo}. */
  record AppliedTo(
      @Nullable SelectorTerms podSelector,
      @Nullable List<String> podSubnet,
      @Nullable SelectorTerms namespaceSelector) {}

  /** The fields that say where to. */
  record Destinations(@Nullable List<String> subnets, @Nullable List<String> exceptions) {}

  /** The priority, and what it is where the field is empty. */
  record PriorityField(@Nullable Long value, Priority otherwise) {}

  private static final AppliedTo TO_NOTHING = new AppliedTo(null, null, null);

  static PolicyFields of(EgressPolicyResource policy) {
    return switch (policy) {
      case EgressPolicy namespaced -> of(namespaced.getSpec());
      case EgressClusterPolicy cluster -> of(cluster.getSpec());
    };
  }

  private static PolicyFields of(EgressPolicy.@Nullable Spec spec) {
    if (spec == null) {
      return empty(Priority.NAMESPACED_DEFAULT);
    }
    EgressPolicy.AppliedTo to = spec.appliedTo();
    return new PolicyFields(
        spec.egressGatewayName(),
        spec.egressIP(),
        to == null ? TO_NOTHING : new AppliedTo(to.podSelector(), to.podSubnet(), null),
        new Destinations(spec.destSubnet(), spec.exceptSubnet()),
        new PriorityField(spec.priority(), Priority.NAMESPACED_DEFAULT));
  }

  private static PolicyFields of(EgressClusterPolicy.@Nullable Spec spec) {
    if (spec == null) {
      return empty(Priority.CLUSTER_DEFAULT);
    }
    EgressClusterPolicy.AppliedTo to = spec.appliedTo();
    return new PolicyFields(
        spec.egressGatewayName(),
        spec.egressIP(),
        to == null
            ? TO_NOTHING
            : new AppliedTo(to.podSelector(), to.podSubnet(), to.namespaceSelector()),
        new Destinations(spec.destSubnet(), spec.exceptSubnet()),
        new PriorityField(spec.priority(), Priority.CLUSTER_DEFAULT));
  }

  private static PolicyFields empty(Priority otherwise) {
    return new PolicyFields(
        null, null, TO_NOTHING, new Destinations(null, null), new PriorityField(null, otherwise));
  }
}
