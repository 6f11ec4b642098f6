package io.egressgateway.k8s.status;

import io.egressgateway.core.collection.CompactSet;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.k8s.translate.ClusterNetworks;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport.GatewayReport;
import io.egressgateway.policy.entity.StatusReport.NodeReport;
import io.egressgateway.policy.entity.StatusReport.PolicyReport;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the API should show of one object. Equal values need no second write. */
sealed interface Wanted {

  /** For whoever watches; absent if it is no status. */
  default Optional<StatusWatch.Shown> shown() {
    return switch (this) {
      case OfGateway gateway -> shown(gateway.verdict().conditions());
      case OfPolicy policy -> shown(policy.verdict().conditions());
      case OfClusterInfo info -> shown(info.verdict().conditions());
      case OfTunnel tunnel ->
          Optional.of(
              new StatusWatch.Shown(tunnel.report().conditions(), Optional.of(tunnel.phase())));
      case NoTunnel ignored -> Optional.empty();
      case Slices ignored -> Optional.empty();
    };
  }

  private static Optional<StatusWatch.Shown> shown(SortedSet<Condition> conditions) {
    return Optional.of(new StatusWatch.Shown(conditions, Optional.empty()));
  }

  /**
   * The status of an EgressGateway.
   *
   * @param report absent if only the conditions are known; the rest then stays as it is
   * @param phases of the nodes that the report names, as far as they are known
   */
  record OfGateway(
      GatewayName name,
      Verdict verdict,
      Optional<GatewayReport> report,
      SortedMap<NodeName, EgressTunnel.Phase> phases)
      implements Wanted {
    public OfGateway {
      phases = Collections.unmodifiableSortedMap(new TreeMap<>(phases));
    }
  }

  /**
   * The status of a policy.
   *
   * @param report absent if only the conditions are known; the rest then stays as it is
   */
  record OfPolicy(PolicyKey name, Verdict verdict, Optional<PolicyReport> report)
      implements Wanted {}

  /** The status of the EgressClusterInfo. */
  record OfClusterInfo(Verdict verdict, ClusterNetworks networks) implements Wanted {}

  /** An EgressTunnel and its status. */
  record OfTunnel(NodeReport report, EgressTunnel.Phase phase) implements Wanted {}

  /** No EgressTunnel of this name. */
  record NoTunnel(NodeName name) implements Wanted {}

  /**
   * The endpoint slices of a policy; without endpoints there are none.
   *
   * @param uid of the policy object, which owns the slices
   */
  record Slices(PolicyKey policy, String uid, SortedSet<SliceEndpoint> endpoints)
      implements Wanted {
    public Slices {
      endpoints = CompactSet.copyOf(endpoints);
    }
  }

  /**
   * The conditions of an object.
   *
   * @param uid of the object that they are about; an object of another uid is left alone. Absent if
   *     whatever object has the name is meant
   * @param observedGeneration of the spec that they are about; absent if unknown
   */
  record Verdict(
      Optional<String> uid, Optional<Long> observedGeneration, SortedSet<Condition> conditions) {
    public Verdict {
      conditions = Collections.unmodifiableSortedSet(new TreeSet<>(conditions));
    }
  }
}
