package io.egressgateway.k8s.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Optional;

/** Which judge a request belongs to. Thread-safe. */
final class Admission {
  private final ClusterFacts facts;
  private final KubernetesSerialization serialization;

  Admission(ClusterFacts facts, KubernetesSerialization serialization) {
    this.facts = facts;
    this.serialization = serialization;
  }

  /** Whether the object may be stored. */
  Verdict validate(AdmissionRequest request) {
    return switch (request.operation()) {
      case DELETE -> onDelete(request);
      case CONNECT -> Verdict.allowed();
      case CREATE, UPDATE -> request.leavesSpecAlone() ? Verdict.allowed() : onWrite(request);
    };
  }

  /** Gateways are guarded by their finalizer; a policy may always go. No rule asks about either. */
  private static Verdict onDelete(AdmissionRequest request) {
    return request.resource().equals(AdmissionRequest.CLUSTER_INFOS)
        ? new Verdict.Denied(
            "an EgressClusterInfo cannot be deleted: it says which destinations are inside the"
                + " cluster, and without it policies would take their traffic; edit its spec"
                + " instead",
            Verdict.Basis.OBJECT)
        : Verdict.allowed();
  }

  private Verdict onWrite(AdmissionRequest request) {
    try {
      return switch (request.resource()) {
        case AdmissionRequest.GATEWAYS ->
            GatewayJudge.judge(request.name(), gateway(request.object()), before(request), facts);
        case AdmissionRequest.POLICIES ->
            PolicyJudge.judge(request, read(request, EgressPolicy.class), facts);
        case AdmissionRequest.CLUSTER_POLICIES ->
            PolicyJudge.judge(request, read(request, EgressClusterPolicy.class), facts);
        case AdmissionRequest.CLUSTER_INFOS -> Verdict.allowed();
        default -> unknown(request);
      };
    } catch (IllegalArgumentException unreadable) {
      return new Verdict.Denied(
          "the object cannot be read: " + unreadable.getMessage(), Verdict.Basis.OBJECT);
    }
  }

  private static Verdict unknown(AdmissionRequest request) {
    return new Verdict.Denied(
        "'"
            + request.resource()
            + "' is not judged here; let the rules of the webhook configuration name only "
            + AdmissionRequest.resources(),
        Verdict.Basis.OBJECT);
  }

  private Optional<EgressGateway> before(AdmissionRequest request) {
    return request.isUpdate() ? Optional.of(gateway(request.before())) : Optional.empty();
  }

  /** What is to be filled in. What cannot be read is left to who validates. */
  List<Completion.Add> complete(AdmissionRequest request) {
    if (!request.object().isObject()) {
      return List.of();
    }
    try {
      return switch (request.resource()) {
        case AdmissionRequest.GATEWAYS -> Completion.ofGateway(request, gateway(request.object()));
        case AdmissionRequest.POLICIES, AdmissionRequest.CLUSTER_POLICIES ->
            Completion.ofPolicy(request, facts);
        default -> List.of();
      };
    } catch (IllegalArgumentException unreadable) {
      return List.of();
    }
  }

  private EgressGateway gateway(JsonNode object) {
    return serialization.convertValue(object, EgressGateway.class);
  }

  private <T> T read(AdmissionRequest request, Class<T> kind) {
    return serialization.convertValue(request.object(), kind);
  }
}
